-- Nothing of a tenant is subscribed any more: its deletion is done, with its audit row. $1 tenant, $2 the id as shown, $3 who, $4 request id. Index tenant_pkey.
with done as (
  update tenant t set deleted_at = now() where t.id = $1::int8 and t.deleted_at is null
     and not exists (select 1 from subscription s where s.tenant_id = t.id and s.status <> 'ended')
  returning t.id)
insert into audit (chain, tenant_id, actor, action, subject, request_id)
select 'tenant/' || d.id, d.id, $3::text, 'tenant.emptied', $2::text, $4::text from done d
returning tenant_id
