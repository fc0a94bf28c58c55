CREATE SCHEMA x;
CREATE TYPE x.k AS ENUM ('a');
CREATE FUNCTION x.f() RETURNS text LANGUAGE sql AS 'SELECT 1::text';
CREATE FUNCTION public.g() RETURNS text LANGUAGE sql AS 'SELECT 1::text';
CREATE SEQUENCE x.s;
CREATE SEQUENCE public.s2;
CREATE TABLE x.t (id int PRIMARY KEY DEFAULT nextval('x.s'), k x.k DEFAULT 'a', d text DEFAULT x.f(), e text DEFAULT g(), h text DEFAULT x.f() || g(), s int DEFAULT nextval('s2'));
CREATE TABLE public.nope (id int PRIMARY KEY);
CREATE INDEX ON x.t (d);
