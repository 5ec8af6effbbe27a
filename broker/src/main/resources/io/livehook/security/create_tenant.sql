-- A tenant and its audit row. $1 public id, $2 slug, $3 retry schedule or null, $4 who asks, $5 the id as shown, $6 request id.
-- Index tenant_slug_key. No row: the slug is taken.
with given as (
  select $1::uuid as public_id, $2::text as slug, $3::text as retry_schedule, $4::text as actor, $5::text as subject, $6::text as request_id),
made as (
  insert into tenant (public_id, slug, retry_schedule) select public_id, slug, retry_schedule from given
  on conflict (slug) do nothing returning *),
audited as (
  insert into audit (chain, tenant_id, actor, action, subject, request_id, after)
  select 'tenant/' || m.id, m.id, g.actor, 'tenant.created', g.subject, g.request_id,
         jsonb_build_object('slug', m.slug, 'retry_schedule', m.retry_schedule)::text
    from made m, given g)
select id, public_id, slug, retry_schedule, created_at, deleting_at, deleted_at from made
