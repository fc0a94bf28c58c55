CREATE TABLE cats (id int PRIMARY KEY);
CREATE TABLE users (id int PRIMARY KEY, a int UNIQUE, best int REFERENCES users(id));
CREATE TABLE posts (id int PRIMARY KEY, uid int UNIQUE REFERENCES users(id) ON DELETE SET NULL ON UPDATE CASCADE, vid int REFERENCES users(a), wid int REFERENCES users(id), cid int REFERENCES cats(id));
