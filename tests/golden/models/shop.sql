CREATE SCHEMA audit;
CREATE TYPE user_status AS ENUM ('active', 'in review', '2nd');
CREATE TYPE audit.mood AS ENUM ('a/b', 'it''s');
CREATE TYPE unused AS ENUM ('x');
CREATE DOMAIN amount AS numeric(10,2) CONSTRAINT amount_positive CHECK (VALUE >= 0);
CREATE SEQUENCE order_number START 1000 INCREMENT 5;
CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email varchar(320) NOT NULL,
  status user_status NOT NULL DEFAULT 'active',
  moods audit.mood[] NOT NULL DEFAULT '{}',
  born date,
  metadata jsonb,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT users_email_key UNIQUE (email),
  CONSTRAINT users_email_check CHECK (email ~ ' ?:a|@' AND email LIKE '%@%')
);
COMMENT ON TABLE users IS 'People who signed up. 가입한 사람들 "in quotes"';
COMMENT ON COLUMN users.email IS 'As they wrote it \ with everything';
CREATE TABLE orders (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  number int NOT NULL DEFAULT nextval('order_number'),
  user_id bigint NOT NULL CONSTRAINT orders_user_id_fkey REFERENCES users ON DELETE CASCADE,
  approved_by bigint REFERENCES users ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
  parent_id uuid REFERENCES orders,
  total numeric(10,2) NOT NULL,
  double numeric(12,2) GENERATED ALWAYS AS (total * 2) STORED,
  price amount DEFAULT 1,
  labels text[],
  data json,
  ip inet,
  seen timestamptz[],
  placed_at timestamptz NOT NULL DEFAULT now(),
  local_at timestamp(3) DEFAULT '2025-01-01 10:30:00',
  moments tstzmultirange,
  during int4range,
  wait interval,
  wait_days interval day to second(3),
  flags bit(3),
  note char(4) COLLATE "C",
  raw bytea,
  day_time time(3),
  search tsvector,
  mac macaddr,
  EXCLUDE USING gist (during WITH &&) WHERE (during IS NOT NULL)
);
CREATE INDEX orders_total_idx ON orders (total DESC, lower(note) text_pattern_ops) INCLUDE (number) WHERE total > 0;
CREATE INDEX orders_labels_idx ON orders USING gin (labels);
CREATE INDEX orders_data_idx ON orders USING btree (note bpchar_pattern_ops) WITH (fillfactor = 80);
CREATE UNIQUE INDEX orders_number_key ON orders (number) NULLS NOT DISTINCT;
CREATE TABLE tags (id serial PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TABLE user_tags (
  user_id bigint REFERENCES users ON DELETE CASCADE,
  tag_id int REFERENCES tags ON DELETE CASCADE,
  PRIMARY KEY (user_id, tag_id)
);
CREATE TABLE profiles (user_id bigint PRIMARY KEY REFERENCES users, "class" text, "int" int, "User" text, "dt" date);
CREATE TABLE audit.users (tenant int, id smallint, by_id int, PRIMARY KEY (id, tenant), FOREIGN KEY (by_id, tenant) REFERENCES audit.users (id, tenant) MATCH FULL);
CREATE TABLE audit.events (at timestamptz NOT NULL, what audit.mood) PARTITION BY RANGE (at);
CREATE UNLOGGED TABLE user_statuses (id int PRIMARY KEY, name name, c "char", x xml, "select" point);
CREATE VIEW open_orders AS SELECT id, total, placed_at FROM orders WHERE total > 0;
COMMENT ON VIEW open_orders IS 'Orders that are still open';
