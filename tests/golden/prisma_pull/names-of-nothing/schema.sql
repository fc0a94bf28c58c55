CREATE TABLE "123" (id int PRIMARY KEY);
CREATE TABLE "á" ("é" int, "ö" int, x int, PRIMARY KEY ("é","ö"), UNIQUE ("é"));
CREATE TABLE r (id int PRIMARY KEY, a int REFERENCES "123"(id), b int, c int, d int REFERENCES "á"("é"), FOREIGN KEY (b,c) REFERENCES "á"("é","ö"));
CREATE TABLE s ("1" int PRIMARY KEY REFERENCES r(id), "-" text, "$x" int UNIQUE, "__" int);
CREATE INDEX ON s("__","$x");
CREATE INDEX ON s ("-");
CREATE TYPE "9" AS ENUM ('a');
CREATE TYPE "..." AS ENUM ('b');
CREATE TABLE e (id int PRIMARY KEY, a "9" DEFAULT 'a', b "..."[]);
