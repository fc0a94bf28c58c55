CREATE TABLE users (id int PRIMARY KEY);
CREATE TABLE "Users" (id int PRIMARY KEY);
CREATE TABLE "us-ers" (id int PRIMARY KEY);
CREATE TABLE us_ers (id int PRIMARY KEY);
CREATE TYPE "User" AS ENUM ('a');
CREATE TABLE t (id int PRIMARY KEY, u "User", f int REFERENCES users(id));
