CREATE TABLE a (x int, y int, PRIMARY KEY (y, x) INCLUDE (x));
