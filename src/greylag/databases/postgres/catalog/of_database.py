"""Queries for objects that belong to no schema, in the same form as those of in_schemas."""

from __future__ import annotations

from greylag.databases.postgres.catalog.fragments import (
    NO_GRANTS,
    Query,
    flag,
    foreign_options,
    function_name,
    grants,
    made_by_another,
    member,
    unless_secret,
)

QUERIES = (
    Query("database", """
SELECT 'pg_database', o.oid, NULL, NULL, NULL, pg_catalog.pg_get_userbyid(o.datdba), o.datacl,
  pg_catalog.acldefault('d'::"char", o.datdba)
FROM pg_catalog.pg_database o WHERE o.datname = pg_catalog.current_database()"""),
    # neither names the database: the same settings in another one are the same
    Query("database setting", f"""
SELECT NULL, NULL, NULL, pg_catalog.concat_ws(': ', r.rolname, o.name), pg_catalog.format(
    'DO $$BEGIN EXECUTE pg_catalog.format(%L, pg_catalog.current_database()); END$$'::text, pg_catalog.concat(
      'ALTER ', 'ROLE ' || pg_catalog.quote_ident(r.rolname::text) || ' IN ', 'DATABASE %I SET ',
      pg_catalog.replace(pg_catalog.concat(o.name, ' TO ', CASE
        WHEN o.name IN ('search_path', 'temp_tablespaces', 'local_preload_libraries',
                        'session_preload_libraries') THEN o.value
        ELSE pg_catalog.quote_literal({unless_secret("o.name", "o.value")}) END), '%', '%%'))),
  NULL, NULL, NULL
FROM (SELECT s.setrole, pg_catalog.split_part(s.line, '=', 1) AS name,
        pg_catalog.substr(s.line, pg_catalog.strpos(s.line, '=') + 1) AS value
      FROM (SELECT g.setrole, pg_catalog.unnest(g.setconfig) AS line FROM pg_catalog.pg_db_role_setting g
            JOIN pg_catalog.pg_database d ON d.oid = g.setdatabase
            WHERE d.datname = pg_catalog.current_database()) s) o
LEFT JOIN pg_catalog.pg_roles r ON r.oid = o.setrole"""),
    Query("cast", f"""
SELECT 'pg_cast', o.oid, NULL, pg_catalog.format('%s AS %s'::text, pg_catalog.format_type(o.castsource, NULL),
    pg_catalog.format_type(o.casttarget, NULL)),
  pg_catalog.format('CREATE CAST (%s AS %s) %s%s'::text, pg_catalog.format_type(o.castsource, NULL),
    pg_catalog.format_type(o.casttarget, NULL), CASE o.castmethod WHEN 'b' THEN 'WITHOUT FUNCTION'
      WHEN 'i' THEN 'WITH INOUT' ELSE 'WITH FUNCTION ' || o.castfunc::pg_catalog.regprocedure::text END,
    CASE o.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END),
  NULL, {NO_GRANTS}
FROM pg_catalog.pg_cast o
{made_by_another("pg_cast", "o.oid")} WHERE o.oid >= 16384::oid AND m.objid IS NULL"""),
    Query("transform", f"""
SELECT 'pg_transform', o.oid, NULL, pg_catalog.format('%s LANGUAGE %s'::text,
    pg_catalog.format_type(o.trftype, NULL), l.lanname),
  pg_catalog.format('CREATE TRANSFORM FOR %s LANGUAGE %I (%s)'::text, pg_catalog.format_type(o.trftype, NULL),
    l.lanname, pg_catalog.concat_ws(', ',
      CASE WHEN o.trffromsql::oid <> 0::oid
           THEN 'FROM SQL WITH FUNCTION ' || o.trffromsql::oid::pg_catalog.regprocedure::text END,
      CASE WHEN o.trftosql::oid <> 0::oid
           THEN 'TO SQL WITH FUNCTION ' || o.trftosql::oid::pg_catalog.regprocedure::text END)),
  NULL, {NO_GRANTS}
FROM pg_catalog.pg_transform o JOIN pg_catalog.pg_language l ON l.oid = o.trflang
{member("pg_transform", "o.oid")} WHERE m.objid IS NULL"""),
    Query("access method", f"""
SELECT 'pg_am', o.oid, NULL, o.amname, pg_catalog.format('CREATE ACCESS METHOD %I TYPE %s HANDLER %s'::text,
    o.amname, CASE o.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END, {function_name("o.amhandler::oid")}),
  NULL, {NO_GRANTS}
FROM pg_catalog.pg_am o {member("pg_am", "o.oid")} WHERE o.oid >= 16384::oid AND m.objid IS NULL"""),
    Query("language", f"""
SELECT 'pg_language', o.oid, NULL, o.lanname, pg_catalog.format('CREATE%s LANGUAGE %I HANDLER %s%s%s'::text,
    {flag(" TRUSTED", "o.lanpltrusted")}, o.lanname, {function_name("o.lanplcallfoid")},
    ' INLINE ' || {function_name("o.laninline")}, ' VALIDATOR ' || {function_name("o.lanvalidator")}),
  pg_catalog.pg_get_userbyid(o.lanowner), {grants("o.lanacl", "l", "o.lanowner")}
FROM pg_catalog.pg_language o {member("pg_language", "o.oid")} WHERE o.lanispl AND m.objid IS NULL"""),
    Query("event trigger", f"""
SELECT 'pg_event_trigger', o.oid, NULL, o.evtname, pg_catalog.concat(
    pg_catalog.format('CREATE EVENT TRIGGER %I ON %s%s EXECUTE FUNCTION %s()'::text, o.evtname, o.evtevent,
      ' WHEN TAG IN (' || (SELECT pg_catalog.string_agg(pg_catalog.quote_literal(t.tag), ', ')
        FROM pg_catalog.unnest(o.evttags) t (tag)) || ')', {function_name("o.evtfoid")}),
    CASE WHEN o.evtenabled <> 'O' THEN pg_catalog.format('; ALTER EVENT TRIGGER %I %s'::text, o.evtname,
      CASE o.evtenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END) END),
  pg_catalog.pg_get_userbyid(o.evtowner), {NO_GRANTS}
FROM pg_catalog.pg_event_trigger o {member("pg_event_trigger", "o.oid")} WHERE m.objid IS NULL"""),
    Query("publication", f"""
SELECT 'pg_publication', o.oid, NULL, o.pubname,
  pg_catalog.format('CREATE PUBLICATION %I%s%s WITH (publish = %L%s)'::text, o.pubname,
    {flag(" FOR ALL TABLES", "o.puballtables")}, ' FOR ' || nullif(pg_catalog.concat_ws(', ',
      (SELECT pg_catalog.string_agg(pg_catalog.format('TABLE %I.%I%s%s'::text, tn.nspname, t.relname,
          ' (' || {{publication_columns}} || ')', ' WHERE (' || {{publication_rows}} || ')'),
          ', ' ORDER BY tn.nspname, t.relname)
        FROM pg_catalog.pg_publication_rel x JOIN pg_catalog.pg_class t ON t.oid = x.prrelid
        JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace WHERE x.prpubid = o.oid)
      {{publication_schemas}}), ''),
    pg_catalog.concat_ws(', ',
      CASE WHEN o.pubinsert THEN 'insert' END, CASE WHEN o.pubupdate THEN 'update' END,
      CASE WHEN o.pubdelete THEN 'delete' END, CASE WHEN o.pubtruncate THEN 'truncate' END),
    CASE WHEN {{publication_root}} THEN ', publish_via_partition_root = true' END),
  pg_catalog.pg_get_userbyid(o.pubowner), {NO_GRANTS}
FROM pg_catalog.pg_publication o"""),
    # where it connects to is a secret, and so is what it connects with
    Query("subscription", """
SELECT 'pg_subscription', {subscription}, NULL, o.subname,
  pg_catalog.format(
    'CREATE SUBSCRIPTION %I CONNECTION %L PUBLICATION %s WITH (enabled = %s, slot_name = %s)'::text,
    o.subname, '********', (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(p.name), ', ')
      FROM pg_catalog.unnest(o.subpublications) p (name)), o.subenabled::text,
    coalesce(pg_catalog.quote_literal(o.subslotname::text), 'NONE')),
  pg_catalog.pg_get_userbyid(o.subowner), NULL, NULL
FROM pg_catalog.pg_subscription o JOIN pg_catalog.pg_database d ON d.oid = o.subdbid
WHERE d.datname = pg_catalog.current_database()"""),
    Query("foreign data wrapper", f"""
SELECT 'pg_foreign_data_wrapper', o.oid, NULL, o.fdwname, pg_catalog.format(
    'CREATE FOREIGN DATA WRAPPER %I%s%s%s'::text, o.fdwname, ' HANDLER ' || {function_name("o.fdwhandler")},
    ' VALIDATOR ' || {function_name("o.fdwvalidator")}, {foreign_options("o.fdwoptions")}),
  pg_catalog.pg_get_userbyid(o.fdwowner), {grants("o.fdwacl", "F", "o.fdwowner")}
FROM pg_catalog.pg_foreign_data_wrapper o
{member("pg_foreign_data_wrapper", "o.oid")} WHERE m.objid IS NULL"""),
    Query("server", f"""
SELECT 'pg_foreign_server', o.oid, NULL, o.srvname, pg_catalog.format(
    'CREATE SERVER %I%s%s FOREIGN DATA WRAPPER %I%s'::text, o.srvname,
    ' TYPE ' || pg_catalog.quote_literal(o.srvtype), ' VERSION ' || pg_catalog.quote_literal(o.srvversion),
    w.fdwname, {foreign_options("o.srvoptions")}),
  pg_catalog.pg_get_userbyid(o.srvowner), {grants("o.srvacl", "S", "o.srvowner")}
FROM pg_catalog.pg_foreign_server o JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = o.srvfdw
{member("pg_foreign_server", "o.oid")} WHERE m.objid IS NULL"""),
    Query("user mapping", f"""
SELECT NULL, NULL, NULL, pg_catalog.format('%s SERVER %s'::text, o.usename, o.srvname),
  pg_catalog.format('CREATE USER MAPPING FOR %s SERVER %I%s'::text, CASE WHEN o.umuser = 0::oid THEN 'PUBLIC'
    ELSE pg_catalog.quote_ident(o.usename::text) END, o.srvname, {foreign_options("o.umoptions")}),
  NULL, {NO_GRANTS}
FROM pg_catalog.pg_user_mappings o"""),
    Query("security label", f"""
SELECT NULL, NULL, i.schema, pg_catalog.format('%s %s %s'::text, o.provider, i.type, i.identity),
  pg_catalog.format('SECURITY LABEL FOR %I ON %s %s IS %L'::text, o.provider, pg_catalog.upper(i.type),
    i.identity, o.label), NULL, {NO_GRANTS}
FROM pg_catalog.pg_seclabel o, pg_catalog.pg_identify_object(o.classoid, o.objoid, o.objsubid) i"""),
)  # fmt: skip
"""All kinds."""

DEFAULT_PRIVILEGES = Query("default privileges", """
SELECT n.nspname, pg_catalog.pg_get_userbyid(o.defaclrole), o.defaclobjtype, o.defaclacl,
  CASE WHEN o.defaclnamespace = 0::oid THEN pg_catalog.acldefault(
    CASE o.defaclobjtype WHEN 'S' THEN 's'::"char" ELSE o.defaclobjtype END, o.defaclrole) END
FROM pg_catalog.pg_default_acl o LEFT JOIN pg_catalog.pg_namespace n ON n.oid = o.defaclnamespace
WHERE {default_privileges}""")  # fmt: skip
