CREATE TABLE users (id int PRIMARY KEY, s varchar(10), t text);
CREATE TABLE log (msg text, user_id int REFERENCES users (id));
CREATE TABLE hand (id int PRIMARY KEY, u int REFERENCES users(id), l int);
