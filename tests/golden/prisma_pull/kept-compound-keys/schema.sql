CREATE TABLE p (a int, b int, c int, PRIMARY KEY (a,b), UNIQUE (b,c));
CREATE TABLE k (id int PRIMARY KEY, x int, y int, z int, FOREIGN KEY (x,y) REFERENCES p(a,b), FOREIGN KEY (y,z) REFERENCES p(b,c), FOREIGN KEY (y,x) REFERENCES p (a,b));
