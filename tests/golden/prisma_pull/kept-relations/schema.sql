CREATE TABLE cats (id int PRIMARY KEY);
CREATE TABLE users (id int PRIMARY KEY, a int UNIQUE, best int REFERENCES users(id));
CREATE TABLE posts (id int PRIMARY KEY, uid int NOT NULL UNIQUE REFERENCES users(id) ON DELETE SET NULL ON UPDATE CASCADE, vid int CONSTRAINT newname REFERENCES users(a), wid int REFERENCES users(id), cid int REFERENCES cats(id)) ;
CREATE TABLE "_PostTags" ("A" int REFERENCES posts(id), "B" int REFERENCES users(id), PRIMARY KEY("A","B"));
CREATE INDEX ON "_PostTags"("B");
CREATE TABLE "_friends" ("A" int REFERENCES users(id), "B" int REFERENCES users(id), PRIMARY KEY("A","B"));
CREATE INDEX ON "_friends"("B");
