-- The end of a tenant begins, with its audit row: its keys are void from now on. $1 public id, $2 who asks, $3 the id as shown, $4 request id.
-- Index tenant_public_id_key. No row: no such tenant.
with given as (select $1::uuid as public_id, $2::text as actor, $3::text as subject, $4::text as request_id),
found as (select t.* from tenant t, given g where t.public_id = g.public_id),
deleting as (
  update tenant t set deleting_at = now() from found f where t.id = f.id and t.deleting_at is null returning t.*),
audited as (
  insert into audit (chain, tenant_id, actor, action, subject, request_id, before)
  select 'tenant/' || d.id, d.id, g.actor, 'tenant.deleted', g.subject, g.request_id,
         jsonb_build_object('slug', d.slug, 'retry_schedule', d.retry_schedule)::text
    from deleting d, given g)
select id from found
