CREATE TYPE users AS ENUM ('a');
CREATE TABLE users_t (id int PRIMARY KEY);
CREATE TABLE "user-s" (id int PRIMARY KEY, u users);
CREATE TABLE user_s (id int PRIMARY KEY, k int REFERENCES "user-s"(id), l int REFERENCES "user-s"(id));
CREATE TYPE class AS ENUM ('x','class');
CREATE TABLE "new" (id int PRIMARY KEY, c class DEFAULT 'class', n int REFERENCES "new"(id));
CREATE TYPE "new-x" AS ENUM ('a');
CREATE TABLE "new_x" (id int PRIMARY KEY, e "new-x", f int REFERENCES new_x(id));
