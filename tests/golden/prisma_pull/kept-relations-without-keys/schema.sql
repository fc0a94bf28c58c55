CREATE TABLE users (id int PRIMARY KEY);
CREATE TABLE posts (id int PRIMARY KEY, uid int, x int, FOREIGN KEY (uid) REFERENCES users(id) DEFERRABLE);
CREATE TABLE new (id int PRIMARY KEY, uid int REFERENCES users(id));
CREATE TABLE "_UU" ("A" int REFERENCES users(id), "B" int REFERENCES users(id), PRIMARY KEY ("A","B"));
CREATE INDEX ON "_UU"("B");
