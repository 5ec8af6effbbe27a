-- The same key wrapped anew, if it still stands as it was read, with its audit row: master, wrapped key, number, master before, audit before and after. Index data_key_pkey.
with changed as (
  update data_key set master = ?::text, wrapped = ?::bytea, wrapped_at = now() where id = ?::int8 and master = ?::text returning id, tenant)
insert into audit (chain, tenant_id, actor, action, subject, request_id, before, after)
select 'tenant/' || c.tenant, c.tenant, 'cli', 'secrets.rewrapped', 'data key ' || c.id, 'secrets rewrap', ?::text, ?::text from changed c
