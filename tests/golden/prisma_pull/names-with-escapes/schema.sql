CREATE TABLE "we""ird\x" (id int PRIMARY KEY, "a""b" int, "c\d" text, E int, "t	ab" int, "new
line" int, "한글col" int, "emoji🚀x" int, " lead" int, "trail " int);
CREATE UNIQUE INDEX "u""q" ON "we""ird\x" ("a""b", "c\d");
CREATE UNIQUE INDEX "한글idx" ON "we""ird\x" ("c\d");
