-- The same key wrapped anew, if it still stands as it was read, with its audit row. ? master, ? wrapped, ? id, ? master before, ? tenant, ? before, ? after. Index data_key_pkey.
with changed as (
  update data_key set master = ?, wrapped = ?, wrapped_at = now() where id = ? and master = ? returning id, tenant_id)
insert into audit (chain, tenant_id, actor, action, subject, request_id, before, after)
select 'tenant/' || c.tenant_id, c.tenant_id, 'cli', 'secrets.rewrapped', 'data key ' || c.id, 'secrets rewrap', ?, ? from changed c
