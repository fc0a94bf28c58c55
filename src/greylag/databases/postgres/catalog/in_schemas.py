"""Queries for objects in schemas that only comparison and dump know.

Every query gives, per object: system catalog, oid, schema, name, the statement that would make it, owner,
ACL, and the ACL it has where nobody granted anything. A query's name is the kind of its objects.
"""

from __future__ import annotations

from greylag.databases.postgres.catalog.fragments import (
    NO_GRANTS,
    Query,
    flag,
    function_name,
    grants,
    member,
    object_name,
    parts,
)

_LINES = """(SELECT pg_catalog.string_agg(i.line, ', ' ORDER BY i.line) FROM (
    SELECT pg_catalog.format('OPERATOR %s %s%s'::text, ao.amopstrategy, ao.amopopr::pg_catalog.regoperator,
        CASE WHEN ao.amoppurpose = 'o' THEN ' FOR ORDER BY ' || {sort_family} END) AS line
      FROM pg_catalog.pg_amop ao WHERE {amop}
    UNION ALL
    SELECT pg_catalog.format('FUNCTION %s (%s, %s) %s'::text, ap.amprocnum,
        pg_catalog.format_type(ap.amproclefttype, NULL), pg_catalog.format_type(ap.amprocrighttype, NULL),
        ap.amproc::oid::pg_catalog.regprocedure)
      FROM pg_catalog.pg_amproc ap WHERE {amproc}) i)"""
"""Operators and functions of an operator class, or of a family beside its classes."""

_OF_CLASS = """EXISTS (SELECT FROM pg_catalog.pg_depend d
    WHERE d.classid = 'pg_catalog.{catalog}'::pg_catalog.regclass AND d.objid = {oid}
    AND d.refclassid = 'pg_catalog.pg_opclass'::pg_catalog.regclass{class_})"""

_ITEMS = _LINES.replace("{sort_family}", object_name("pg_opfamily", "opf", "ao.amopsortfamily"))

_CLASS_ITEMS = _ITEMS.replace(
    "{amop}", _OF_CLASS.format(catalog="pg_amop", oid="ao.oid", class_=" AND d.refobjid = o.oid")
).replace("{amproc}", _OF_CLASS.format(catalog="pg_amproc", oid="ap.oid", class_=" AND d.refobjid = o.oid"))

_FAMILY_ITEMS = _ITEMS.replace(
    "{amop}",
    "ao.amopfamily = o.oid AND NOT " + _OF_CLASS.format(catalog="pg_amop", oid="ao.oid", class_=""),
).replace(
    "{amproc}",
    "ap.amprocfamily = o.oid AND NOT " + _OF_CLASS.format(catalog="pg_amproc", oid="ap.oid", class_=""),
)

QUERIES = (
    Query("collation", f"""
SELECT 'pg_collation', o.oid, n.nspname, o.collname,
  pg_catalog.format('CREATE COLLATION %I.%I (%s)'::text, n.nspname, o.collname, {parts(
    ("provider", "CASE o.collprovider WHEN 'i' THEN 'icu' WHEN 'c' THEN 'libc' WHEN 'b' THEN 'builtin' END"),
    ("locale", "CASE WHEN o.collprovider <> 'c' THEN pg_catalog.quote_literal({locale}) END"),
    ("lc_collate", "CASE WHEN o.collprovider = 'c' THEN pg_catalog.quote_literal(o.collcollate::text) END"),
    ("lc_ctype", "CASE WHEN o.collprovider = 'c' THEN pg_catalog.quote_literal(o.collctype::text) END"),
    ("rules", "pg_catalog.quote_literal({rules})"),
    ("deterministic", "CASE WHEN NOT o.collisdeterministic THEN 'false' END"),
  )}),
  pg_catalog.pg_get_userbyid(o.collowner), {NO_GRANTS}
FROM pg_catalog.pg_collation o JOIN pg_catalog.pg_namespace n ON n.oid = o.collnamespace
{member("pg_collation", "o.oid")} WHERE o.collnamespace IN {{here}} AND m.objid IS NULL"""),
    Query("statistics", """
SELECT 'pg_statistic_ext', o.oid, n.nspname, o.stxname, pg_catalog.concat(
  pg_catalog.pg_get_statisticsobjdef(o.oid), CASE WHEN {statistics_target} >= 0 THEN pg_catalog.format(
    '; ALTER STATISTICS %I.%I SET STATISTICS %s'::text, n.nspname, o.stxname, {statistics_target}) END),
  pg_catalog.pg_get_userbyid(o.stxowner), NULL, NULL
FROM pg_catalog.pg_statistic_ext o JOIN pg_catalog.pg_namespace n ON n.oid = o.stxnamespace
WHERE o.stxnamespace IN {here}"""),
    Query("operator", f"""
SELECT 'pg_operator', o.oid, n.nspname, pg_catalog.format('%s (%s, %s)'::text, o.oprname,
    CASE WHEN o.oprleft <> 0::oid THEN pg_catalog.format_type(o.oprleft, NULL) ELSE 'NONE' END,
    pg_catalog.format_type(o.oprright, NULL)),
  pg_catalog.format('CREATE OPERATOR %I.%s (%s%s%s)'::text, n.nspname, o.oprname, {parts(
    ("FUNCTION", function_name("o.oprcode::oid")),
    ("LEFTARG", "CASE WHEN o.oprleft <> 0::oid THEN pg_catalog.format_type(o.oprleft, NULL) END"),
    ("RIGHTARG", "pg_catalog.format_type(o.oprright, NULL)"),
    ("COMMUTATOR", f"'OPERATOR(' || {object_name('pg_operator', 'opr', 'o.oprcom')} || ')'"),
    ("NEGATOR", f"'OPERATOR(' || {object_name('pg_operator', 'opr', 'o.oprnegate')} || ')'"),
    ("RESTRICT", function_name("o.oprrest::oid")),
    ("JOIN", function_name("o.oprjoin::oid")),
  )}, {flag(", HASHES", "o.oprcanhash")}, {flag(", MERGES", "o.oprcanmerge")}),
  pg_catalog.pg_get_userbyid(o.oprowner), {NO_GRANTS}
FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
{member("pg_operator", "o.oid")} WHERE o.oprnamespace IN {{here}} AND m.objid IS NULL"""),
    Query("operator family", f"""
SELECT 'pg_opfamily', o.oid, n.nspname, pg_catalog.format('%s USING %s'::text, o.opfname, a.amname),
  pg_catalog.concat(
    pg_catalog.format('CREATE OPERATOR FAMILY %I.%I USING %I'::text, n.nspname, o.opfname, a.amname),
    pg_catalog.format('; ALTER OPERATOR FAMILY %I.%I USING %I ADD '::text, n.nspname, o.opfname, a.amname)
    || {_FAMILY_ITEMS}),
  pg_catalog.pg_get_userbyid(o.opfowner), {NO_GRANTS}
FROM pg_catalog.pg_opfamily o JOIN pg_catalog.pg_namespace n ON n.oid = o.opfnamespace
JOIN pg_catalog.pg_am a ON a.oid = o.opfmethod
{member("pg_opfamily", "o.oid")} WHERE o.opfnamespace IN {{here}} AND m.objid IS NULL"""),
    Query("operator class", f"""
SELECT 'pg_opclass', o.oid, n.nspname, pg_catalog.format('%s USING %s'::text, o.opcname, a.amname),
  pg_catalog.format('CREATE OPERATOR CLASS %I.%I%s FOR TYPE %s USING %I FAMILY %I.%I AS %s'::text, n.nspname,
    o.opcname, {flag(" DEFAULT", "o.opcdefault")}, pg_catalog.format_type(o.opcintype, NULL), a.amname,
    yn.nspname, y.opfname, pg_catalog.concat_ws(', ', {_CLASS_ITEMS},
      'STORAGE ' || CASE WHEN o.opckeytype <> 0::oid OR {_CLASS_ITEMS} IS NULL THEN pg_catalog.format_type(
        CASE WHEN o.opckeytype <> 0::oid THEN o.opckeytype ELSE o.opcintype END, NULL) END)),
  pg_catalog.pg_get_userbyid(o.opcowner), {NO_GRANTS}
FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace
JOIN pg_catalog.pg_am a ON a.oid = o.opcmethod JOIN pg_catalog.pg_opfamily y ON y.oid = o.opcfamily
JOIN pg_catalog.pg_namespace yn ON yn.oid = y.opfnamespace
{member("pg_opclass", "o.oid")} WHERE o.opcnamespace IN {{here}} AND m.objid IS NULL"""),
    Query("conversion", f"""
SELECT 'pg_conversion', o.oid, n.nspname, o.conname,
  pg_catalog.format('CREATE%s CONVERSION %I.%I FOR %L TO %L FROM %s'::text,
    {flag(" DEFAULT", "o.condefault")}, n.nspname, o.conname,
    pg_catalog.pg_encoding_to_char(o.conforencoding),
    pg_catalog.pg_encoding_to_char(o.contoencoding), {function_name("o.conproc::oid")}),
  pg_catalog.pg_get_userbyid(o.conowner), {NO_GRANTS}
FROM pg_catalog.pg_conversion o JOIN pg_catalog.pg_namespace n ON n.oid = o.connamespace
{member("pg_conversion", "o.oid")} WHERE o.connamespace IN {{here}} AND m.objid IS NULL"""),
    Query("text search parser", f"""
SELECT 'pg_ts_parser', o.oid, n.nspname, o.prsname,
  pg_catalog.format('CREATE TEXT SEARCH PARSER %I.%I (%s)'::text, n.nspname, o.prsname, {parts(
    ("START", function_name("o.prsstart::oid")), ("GETTOKEN", function_name("o.prstoken::oid")),
    ("END", function_name("o.prsend::oid")), ("LEXTYPES", function_name("o.prslextype::oid")),
    ("HEADLINE", function_name("o.prsheadline::oid")),
  )}), NULL, {NO_GRANTS}
FROM pg_catalog.pg_ts_parser o JOIN pg_catalog.pg_namespace n ON n.oid = o.prsnamespace
{member("pg_ts_parser", "o.oid")} WHERE o.prsnamespace IN {{here}} AND m.objid IS NULL"""),
    Query("text search template", f"""
SELECT 'pg_ts_template', o.oid, n.nspname, o.tmplname,
  pg_catalog.format('CREATE TEXT SEARCH TEMPLATE %I.%I (%s)'::text, n.nspname, o.tmplname, {parts(
    ("INIT", function_name("o.tmplinit::oid")), ("LEXIZE", function_name("o.tmpllexize::oid")),
  )}), NULL, {NO_GRANTS}
FROM pg_catalog.pg_ts_template o JOIN pg_catalog.pg_namespace n ON n.oid = o.tmplnamespace
{member("pg_ts_template", "o.oid")} WHERE o.tmplnamespace IN {{here}} AND m.objid IS NULL"""),
    Query("text search dictionary", f"""
SELECT 'pg_ts_dict', o.oid, n.nspname, o.dictname,
  pg_catalog.format('CREATE TEXT SEARCH DICTIONARY %I.%I (TEMPLATE = %I.%I%s)'::text, n.nspname, o.dictname,
    tn.nspname, t.tmplname, ', ' || o.dictinitoption),
  pg_catalog.pg_get_userbyid(o.dictowner), {NO_GRANTS}
FROM pg_catalog.pg_ts_dict o JOIN pg_catalog.pg_namespace n ON n.oid = o.dictnamespace
JOIN pg_catalog.pg_ts_template t ON t.oid = o.dicttemplate
JOIN pg_catalog.pg_namespace tn ON tn.oid = t.tmplnamespace
{member("pg_ts_dict", "o.oid")} WHERE o.dictnamespace IN {{here}} AND m.objid IS NULL"""),
    Query("text search configuration", f"""
SELECT 'pg_ts_config', o.oid, n.nspname, o.cfgname, pg_catalog.concat(
    pg_catalog.format('CREATE TEXT SEARCH CONFIGURATION %I.%I (PARSER = %I.%I)'::text, n.nspname, o.cfgname,
      pn.nspname, p.prsname),
    (SELECT pg_catalog.string_agg(pg_catalog.format(
        '; ALTER TEXT SEARCH CONFIGURATION %I.%I ADD MAPPING FOR %I WITH %s'::text, n.nspname, o.cfgname,
        k.alias, k.dictionaries), '' ORDER BY k.alias)
      FROM (SELECT y.alias, pg_catalog.string_agg(c.mapdict::pg_catalog.regdictionary::text, ', '
              ORDER BY c.mapseqno) AS dictionaries
            FROM pg_catalog.pg_ts_config_map c
            JOIN pg_catalog.ts_token_type(o.cfgparser) y ON y.tokid = c.maptokentype
            WHERE c.mapcfg = o.oid GROUP BY y.alias) k)),
  pg_catalog.pg_get_userbyid(o.cfgowner), {NO_GRANTS}
FROM pg_catalog.pg_ts_config o JOIN pg_catalog.pg_namespace n ON n.oid = o.cfgnamespace
JOIN pg_catalog.pg_ts_parser p ON p.oid = o.cfgparser
JOIN pg_catalog.pg_namespace pn ON pn.oid = p.prsnamespace
{member("pg_ts_config", "o.oid")} WHERE o.cfgnamespace IN {{here}} AND m.objid IS NULL"""),
    Query("range type", f"""
SELECT 'pg_type', o.oid, n.nspname, o.typname,
  pg_catalog.format('CREATE TYPE %I.%I AS RANGE (%s)'::text, n.nspname, o.typname, {parts(
    ("SUBTYPE", "pg_catalog.format_type(r.rngsubtype, NULL)"),
    ("SUBTYPE_OPCLASS", object_name("pg_opclass", "opc", "r.rngsubopc")),
    ("COLLATION", object_name("pg_collation", "coll", "nullif(r.rngcollation, 100::oid)")),
    ("CANONICAL", function_name("r.rngcanonical::oid")), ("SUBTYPE_DIFF", function_name("r.rngsubdiff::oid")),
    ("MULTIRANGE_TYPE_NAME", "{multirange}"),
  )}),
  pg_catalog.pg_get_userbyid(o.typowner), {grants("o.typacl", "T", "o.typowner")}
FROM pg_catalog.pg_type o JOIN pg_catalog.pg_namespace n ON n.oid = o.typnamespace
JOIN pg_catalog.pg_range r ON r.rngtypid = o.oid
{member("pg_type", "o.oid")} WHERE o.typnamespace IN {{here}} AND m.objid IS NULL"""),
    Query("type", f"""
SELECT 'pg_type', o.oid, n.nspname, o.typname, CASE WHEN NOT o.typisdefined
    THEN pg_catalog.format('CREATE TYPE %I.%I'::text, n.nspname, o.typname)
    ELSE pg_catalog.format('CREATE TYPE %I.%I (%s%s)'::text, n.nspname, o.typname, {parts(
      ("INPUT", function_name("o.typinput::oid")), ("OUTPUT", function_name("o.typoutput::oid")),
      ("RECEIVE", function_name("o.typreceive::oid")), ("SEND", function_name("o.typsend::oid")),
      ("TYPMOD_IN", function_name("o.typmodin::oid")), ("TYPMOD_OUT", function_name("o.typmodout::oid")),
      ("ANALYZE", function_name("o.typanalyze::oid")),
      ("INTERNALLENGTH", "CASE WHEN o.typlen = -1 THEN 'VARIABLE' ELSE o.typlen::text END"),
      ("ALIGNMENT", "CASE o.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'd' THEN 'double' END"),
      ("STORAGE",
       "CASE o.typstorage WHEN 'e' THEN 'external' WHEN 'x' THEN 'extended' WHEN 'm' THEN 'main' END"),
      ("CATEGORY", "pg_catalog.quote_literal(o.typcategory::text)"),
      ("PREFERRED", "CASE WHEN o.typispreferred THEN 'true' END"),
      ("DEFAULT", "pg_catalog.quote_literal(o.typdefault)"),
      ("ELEMENT", "CASE WHEN o.typelem <> 0::oid THEN pg_catalog.format_type(o.typelem, NULL) END"),
      ("DELIMITER", "CASE WHEN o.typdelim <> ',' THEN pg_catalog.quote_literal(o.typdelim::text) END"),
      ("COLLATABLE", "CASE WHEN o.typcollation <> 0::oid THEN 'true' END"),
    )}, {flag(", PASSEDBYVALUE", "o.typbyval")}) END,
  pg_catalog.pg_get_userbyid(o.typowner), {grants("o.typacl", "T", "o.typowner")}
FROM pg_catalog.pg_type o JOIN pg_catalog.pg_namespace n ON n.oid = o.typnamespace
LEFT JOIN pg_catalog.pg_type e ON e.oid = o.typelem AND e.typarray = o.oid
{member("pg_type", "o.oid")} WHERE (o.typtype = 'b' OR NOT o.typisdefined) AND e.oid IS NULL
  AND o.typnamespace IN {{here}} AND m.objid IS NULL"""),
)  # fmt: skip
"""All kinds."""
