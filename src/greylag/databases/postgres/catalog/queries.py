"""The queries that tables, views, types and routines are read with: nobody's rows, system catalogs only.

In braces: ``{here}`` is the set of schemas asked for, the other words are those of
:mod:`greylag.databases.postgres.catalog.versions`. Function names are qualified and literals typed, because
the search path holds a schema in which others may put functions of the same names.

pg_get_expr with a relation, pg_get_viewdef and their like open the relation, and so wait while somebody holds
ACCESS EXCLUSIVE on it. A default that is no generation expression has no columns in it and needs none.
"""

from __future__ import annotations

from greylag.databases.postgres.catalog.fragments import (
    Query,
    function_name,
    grants,
    made_by_another,
    member,
    parts,
)


def _modify(column: str) -> str:
    return f"CASE {column} WHEN 's' THEN 'shareable' WHEN 'w' THEN 'read_write' END"


_AGGREGATE_PARTS = (
    ("SFUNC", function_name("g.aggtransfn::oid")),
    ("STYPE", "pg_catalog.format_type(g.aggtranstype, NULL)"),
    ("SSPACE", "CASE WHEN g.aggtransspace <> 0 THEN g.aggtransspace::text END"),
    ("FINALFUNC", function_name("g.aggfinalfn::oid")),
    ("FINALFUNC_EXTRA", "CASE WHEN g.aggfinalextra THEN 'true' END"),
    ("FINALFUNC_MODIFY", _modify("g.aggfinalmodify")),
    ("COMBINEFUNC", function_name("g.aggcombinefn::oid")),
    ("SERIALFUNC", function_name("g.aggserialfn::oid")),
    ("DESERIALFUNC", function_name("g.aggdeserialfn::oid")),
    ("INITCOND", "pg_catalog.quote_literal(g.agginitval)"),
    ("MSFUNC", function_name("g.aggmtransfn::oid")),
    ("MINVFUNC", function_name("g.aggminvtransfn::oid")),
    ("MSTYPE", "CASE WHEN g.aggmtranstype <> 0::oid THEN pg_catalog.format_type(g.aggmtranstype, NULL) END"),
    ("MSSPACE", "CASE WHEN g.aggmtransspace <> 0 THEN g.aggmtransspace::text END"),
    ("MFINALFUNC", function_name("g.aggmfinalfn::oid")),
    ("MFINALFUNC_EXTRA", "CASE WHEN g.aggmfinalextra THEN 'true' END"),
    ("MFINALFUNC_MODIFY", _modify("g.aggmfinalmodify")),
    ("MINITCOND", "pg_catalog.quote_literal(g.aggminitval)"),
    ("SORTOP", "CASE WHEN g.aggsortop <> 0::oid THEN g.aggsortop::pg_catalog.regoper::text END"),
    ("HYPOTHETICAL", "CASE WHEN g.aggkind = 'h' THEN 'true' END"),
    ("PARALLEL", "CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' END"),
)
"""What CREATE AGGREGATE takes. A final function is read_only unless it says otherwise."""

_AGGREGATE = f"""(SELECT pg_catalog.format('CREATE AGGREGATE %I.%I(%s) (%s)'::text, n.nspname, p.proname,
    coalesce(nullif(pg_catalog.pg_get_function_arguments(p.oid), ''), '*'), {parts(*_AGGREGATE_PARTS)})
  FROM pg_catalog.pg_aggregate g WHERE g.aggfnoid::oid = p.oid)"""

QUERIES = (
    # the schema public comes with privileges that initdb gave
    Query("schemas", f"""
SELECT n.oid, n.nspname, pg_catalog.pg_get_userbyid(n.nspowner), n.nspacl,
  coalesce(ip.initprivs, pg_catalog.acldefault('n'::"char", n.nspowner))
FROM pg_catalog.pg_namespace n {member("pg_namespace", "n.oid")}
LEFT JOIN pg_catalog.pg_init_privs ip ON ip.objoid = n.oid AND ip.objsubid = 0
  AND ip.classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
WHERE n.oid IN {{here}} AND m.objid IS NULL"""),
    Query("comments", """
SELECT k.relname, d.objoid, d.objsubid, d.description FROM pg_catalog.pg_description d
JOIN pg_catalog.pg_class k ON k.oid = d.classoid
WHERE d.objoid >= 16384::oid OR d.classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
UNION ALL SELECT 'pg_database', s.objoid, 0, s.description FROM pg_catalog.pg_shdescription s
JOIN pg_catalog.pg_database b ON b.oid = s.objoid
WHERE s.classoid = 'pg_catalog.pg_database'::pg_catalog.regclass
  AND b.datname = pg_catalog.current_database()"""),
    Query("extensions", """
SELECT x.oid, x.extname, n.nspname, x.extversion
FROM pg_catalog.pg_extension x JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace"""),
    # types as columns have them, and what domains stand on
    Query("types", """
SELECT u.id, u.mod, pg_catalog.format_type(u.id, u.mod), coalesce(e.typname, t.typname), n.nspname,
  coalesce(e.typtype, t.typtype), e.oid IS NOT NULL, coalesce(e.oid, t.oid), t.typbasetype, t.typtypmod,
  t.typnotnull
FROM (SELECT a.atttypid AS id, a.atttypmod AS mod
        FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
       WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c')
         AND c.relnamespace IN {here}
      UNION SELECT d.typbasetype, d.typtypmod FROM pg_catalog.pg_type d WHERE d.typtype = 'd'
      UNION SELECT d.oid, -1 FROM pg_catalog.pg_type d WHERE d.typtype = 'd') u
JOIN pg_catalog.pg_type t ON t.oid = u.id
LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND e.typarray = t.oid
JOIN pg_catalog.pg_namespace n ON n.oid = coalesce(e.typnamespace, t.typnamespace)"""),
    Query("enums", f"""
SELECT t.oid, n.nspname, t.typname, pg_catalog.pg_get_userbyid(t.typowner),
  {grants("t.typacl", "T", "t.typowner")}
FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
{member("pg_type", "t.oid")}
WHERE t.typtype = 'e' AND t.typnamespace IN {{here}} AND m.objid IS NULL"""),
    Query("enum_values", """
SELECT v.enumtypid, v.enumlabel FROM pg_catalog.pg_enum v ORDER BY v.enumtypid, v.enumsortorder"""),
    Query("domains", f"""
SELECT t.oid, n.nspname, t.typname, t.typbasetype, t.typtypmod, t.typnotnull,
  pg_catalog.pg_get_expr(t.typdefaultbin, 0::oid),
  CASE WHEN t.typcollation <> b.typcollation THEN t.typcollation END,
  pg_catalog.pg_get_userbyid(t.typowner), {grants("t.typacl", "T", "t.typowner")}
FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype {member("pg_type", "t.oid")}
WHERE t.typtype = 'd' AND t.typnamespace IN {{here}} AND m.objid IS NULL"""),
    Query("composites", f"""
SELECT c.oid, n.nspname, t.typname, t.oid, pg_catalog.pg_get_userbyid(t.typowner),
  {grants("t.typacl", "T", "t.typowner")}
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_type t ON t.oid = c.reltype {member("pg_type", "t.oid")}
WHERE c.relkind = 'c' AND c.relnamespace IN {{here}} AND m.objid IS NULL"""),
    Query("sequences", f"""
SELECT c.oid, n.nspname, c.relname, pg_catalog.format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement,
  s.seqmin, s.seqmax, s.seqcache, s.seqcycle, c.relpersistence, tn.nspname, tc.relname, ta.attname,
  d.refobjid, d.refobjsubid, d.deptype = 'i',
  CASE WHEN pg_catalog.has_sequence_privilege(c.oid, 'USAGE,SELECT'::text)
         AND (c.relpersistence = 'p' OR NOT pg_catalog.pg_is_in_recovery())
       THEN pg_catalog.pg_sequence_last_value(c.oid) END,
  pg_catalog.pg_get_userbyid(c.relowner), {grants("c.relacl", "s", "c.relowner")}
FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace {member("pg_class", "c.oid")}
LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
  AND d.objid = c.oid AND d.objsubid = 0 AND d.deptype IN ('a', 'i') AND d.refobjsubid <> 0
  AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
LEFT JOIN pg_catalog.pg_class tc ON tc.oid = d.refobjid
LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = tc.relnamespace
LEFT JOIN pg_catalog.pg_attribute ta ON ta.attrelid = d.refobjid AND ta.attnum = d.refobjsubid
WHERE c.relnamespace IN {{here}} AND m.objid IS NULL"""),
    Query("relations", f"""
SELECT c.oid, n.nspname, c.relname, c.relkind, c.relpersistence, pg_catalog.pg_get_userbyid(c.relowner),
  {grants("c.relacl", "r", "c.relowner")}, c.reloptions, t.reloptions, am.amname, s.spcname,
  CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END,
  CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END,
  yn.nspname, y.typname, c.relrowsecurity, c.relforcerowsecurity, c.relreplident, c.relispopulated,
  fs.srvname, ft.ftoptions, x.extname,
  CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid) END
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid AND t.reloptions IS NOT NULL
LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = c.reltablespace
LEFT JOIN pg_catalog.pg_type y ON y.oid = c.reloftype
LEFT JOIN pg_catalog.pg_namespace yn ON yn.oid = y.typnamespace
LEFT JOIN pg_catalog.pg_foreign_table ft ON ft.ftrelid = c.oid
LEFT JOIN pg_catalog.pg_foreign_server fs ON fs.oid = ft.ftserver
{member("pg_class", "c.oid")} LEFT JOIN pg_catalog.pg_extension x ON x.oid = m.refobjid
WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND c.relnamespace IN {{here}}"""),
    Query("columns", """
SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull,
  CASE WHEN a.atthasdef THEN
    pg_catalog.pg_get_expr(d.adbin, CASE WHEN a.attgenerated = '' THEN 0::oid ELSE d.adrelid END) END,
  a.attgenerated, a.attidentity, CASE WHEN a.attcollation <> 100::oid THEN a.attcollation END,
  a.attcollation <> t.typcollation, CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END,
  {compression}, a.attstattarget, a.attoptions, a.attfdwoptions, a.attislocal, a.attacl
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.atthasdef
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c')
  AND c.relnamespace IN {here}"""),
    Query("collations", """
SELECT k.oid, pg_catalog.concat(
  CASE WHEN NOT pg_catalog.pg_collation_is_visible(k.oid)
       THEN pg_catalog.concat(pg_catalog.quote_ident(n.nspname::text), '.') END,
  pg_catalog.quote_ident(k.collname::text))
FROM pg_catalog.pg_collation k JOIN pg_catalog.pg_namespace n ON n.oid = k.collnamespace"""),
    # a foreign key to a partitioned table has rows for the partitions too, which are the server's business
    Query("constraints", """
SELECT k.oid, k.conrelid, k.contypid, k.conname, k.contype, k.conkey, fn.nspname, f.relname, k.confrelid,
  k.confkey, k.confupdtype, k.confdeltype, k.confmatchtype, {set_columns}, k.conindid, i.relname,
  k.condeferrable, k.condeferred, k.convalidated, k.connoinherit, k.conislocal,
  {enforced} AND off.tgconstraint IS NULL, pg_catalog.pg_get_constraintdef(k.oid),
  CASE WHEN f.relnamespace NOT IN {here} THEN
    ARRAY(SELECT a.attname FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY u (num, place)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.num
          ORDER BY u.place) END
FROM pg_catalog.pg_constraint k LEFT JOIN pg_catalog.pg_class f ON f.oid = k.confrelid
LEFT JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace
LEFT JOIN pg_catalog.pg_class i ON i.oid = k.conindid AND k.contype IN ('p', 'u', 'x')
LEFT JOIN pg_catalog.pg_constraint o ON o.oid = k.conparentid
LEFT JOIN (SELECT DISTINCT t.tgconstraint FROM pg_catalog.pg_trigger t
           WHERE t.tgisinternal AND t.tgenabled IN ('D', 'R')) off ON off.tgconstraint = k.oid
WHERE k.connamespace IN {here} AND k.contype IN ('p', 'u', 'f', 'c', 'x', 'n')
  AND (k.contype <> 'f' OR o.conrelid IS DISTINCT FROM k.conrelid)"""),
    # definitions of plain indexes are put together here: pg_get_indexdef opens the table, and takes its time
    Query("indexes", """
SELECT i.indexrelid, i.indrelid, c.relname, am.amname, i.indisunique, i.indnkeyatts, i.indkey, i.indclass,
  i.indcollation, i.indoption,
  CASE WHEN i.indexprs IS NOT NULL THEN
    ARRAY(SELECT pg_catalog.pg_get_indexdef(i.indexrelid, k.place, false)
          FROM pg_catalog.generate_series(1, i.indnkeyatts::int) k (place)
          WHERE i.indkey[k.place - 1] = 0 ORDER BY k.place) END,
  CASE WHEN i.indpred IS NOT NULL THEN pg_catalog.pg_get_expr(i.indpred, i.indrelid) END,
  {nulls_distinct}, i.indisvalid AND i.indisready, c.reloptions, s.spcname, i.indisclustered,
  i.indisreplident, c.relkind, tn.nspname, t.relname,
  CASE WHEN i.indexprs IS NOT NULL OR i.indpred IS NOT NULL OR c.reloptions IS NOT NULL
       THEN pg_catalog.pg_get_indexdef(i.indexrelid) END
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
JOIN pg_catalog.pg_am am ON am.oid = c.relam LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = c.reltablespace
WHERE t.relkind IN ('r', 'p', 'm') AND t.relnamespace IN {here}"""),
    Query("index_columns", """
SELECT a.attrelid, a.attnum, a.attoptions, a.attstattarget
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_index i ON i.indexrelid = a.attrelid
WHERE i.indrelid >= 16384::oid AND (a.attoptions IS NOT NULL OR a.attstattarget >= 0)"""),
    Query("opclasses", """
SELECT o.oid, o.opcname, o.opcdefault, o.opcmethod, o.opcintype, pg_catalog.concat(
  CASE WHEN NOT pg_catalog.pg_opclass_is_visible(o.oid)
       THEN pg_catalog.concat(pg_catalog.quote_ident(n.nspname::text), '.') END,
  pg_catalog.quote_ident(o.opcname::text))
FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace"""),
    Query("keywords", """
SELECT k.word FROM pg_catalog.pg_get_keywords() k WHERE k.catcode <> 'U'"""),
    Query("inheritance", """
SELECT h.inhrelid, n.nspname, p.relname, p.relkind, {detaching}
FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class p ON p.oid = h.inhparent
JOIN pg_catalog.pg_namespace n ON n.oid = p.relnamespace
ORDER BY h.inhrelid, h.inhseqno"""),
    Query("triggers", """
SELECT t.oid, t.tgrelid, t.tgname, t.tgtype, t.tgattr, t.tgqual IS NOT NULL, n.nspname, p.proname,
  t.tgenabled, {cloned}, pg_catalog.pg_get_triggerdef(t.oid)
FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE NOT t.tgisinternal AND c.relnamespace IN {here}"""),
    Query("policies", """
SELECT p.oid, p.polrelid, p.polname, p.polcmd, p.polpermissive,
  CASE WHEN p.polroles <> ARRAY[0::oid] THEN
    ARRAY(SELECT pg_catalog.pg_get_userbyid(r.id) FROM pg_catalog.unnest(p.polroles) r (id)) END,
  pg_catalog.pg_get_expr(p.polqual, p.polrelid), pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)
FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
WHERE c.relnamespace IN {here}"""),
    Query("rules", """
SELECT r.oid, r.ev_class, r.rulename, r.ev_enabled, pg_catalog.pg_get_ruledef(r.oid)
FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
WHERE r.rulename <> '_RETURN' AND c.relnamespace IN {here}"""),
    Query("routines", f"""
SELECT p.oid, n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid), p.prokind,
  pg_catalog.pg_get_function_result(p.oid), l.lanname,
  CASE WHEN p.prokind <> 'a' THEN pg_catalog.pg_get_functiondef(p.oid) ELSE {_AGGREGATE} END,
  pg_catalog.pg_get_userbyid(p.proowner), {grants("p.proacl", "f", "p.proowner")}
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
JOIN pg_catalog.pg_language l ON l.oid = p.prolang {made_by_another("pg_proc", "p.oid")}
WHERE p.pronamespace IN {{here}} AND m.objid IS NULL"""),
)  # fmt: skip
"""In the order they are sent."""
