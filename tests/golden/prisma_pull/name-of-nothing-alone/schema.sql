CREATE TABLE "á" (id int PRIMARY KEY, "j" jsonb DEFAULT '{}', type text);
CREATE TABLE r (id int PRIMARY KEY, a int REFERENCES "á"(id));
COMMENT ON TABLE "á" IS 'x';
