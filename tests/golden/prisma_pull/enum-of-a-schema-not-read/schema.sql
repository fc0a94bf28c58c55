CREATE SCHEMA a;
CREATE TYPE a.k AS ENUM ('x','y');
CREATE TYPE a.only AS ENUM ('x');
CREATE TYPE k AS ENUM ('x','z');
CREATE TABLE t (id int PRIMARY KEY, k a.k DEFAULT 'x', o a.only DEFAULT 'x', oa a.only[] DEFAULT '{x}', ka a.k[]);
CREATE FUNCTION a.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER TABLE t ADD d int DEFAULT a.f();
