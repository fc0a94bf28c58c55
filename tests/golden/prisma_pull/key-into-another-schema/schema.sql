CREATE SCHEMA a;
CREATE SCHEMA "B-x";
CREATE TYPE a.k AS ENUM ('x','y');
CREATE TYPE public.k2 AS ENUM ('z');
CREATE TABLE a.t (id int PRIMARY KEY, k a.k DEFAULT 'x', k2 public.k2[] DEFAULT '{z}');
CREATE TABLE public.t2 (id int PRIMARY KEY, t int REFERENCES a.t(id), k a.k DEFAULT 'y');
CREATE TABLE "B-x".t (id int PRIMARY KEY, t int REFERENCES a.t(id), tt int REFERENCES "B-x".t(id), u int REFERENCES public.t2(id));
CREATE SEQUENCE a.sq;
CREATE TABLE a.u (id int PRIMARY KEY DEFAULT nextval('a.sq'));
