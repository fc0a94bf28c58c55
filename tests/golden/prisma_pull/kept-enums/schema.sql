CREATE TYPE "my-enum" AS ENUM ('a-b','1x','', '한', 'ok', 'Z');
CREATE TYPE e2 AS ENUM ('a','b');
CREATE TABLE t (id int PRIMARY KEY, a "my-enum" DEFAULT 'a-b', b "my-enum"[] DEFAULT '{a-b,ok}', c "my-enum" DEFAULT '한', d e2 DEFAULT 'b', e "my-enum" DEFAULT '');
