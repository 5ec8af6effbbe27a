-- A key and its audit row. $1 public id, $2 slug of its tenant, $3 role, $4 scope, $5 label, $6 keyed hash, $7 when it expires or null,
-- $8 who asks, $9 the id as shown, $10 request id. Index tenant_slug_key. No row: no such tenant.
with given as (
  select $1::uuid as public_id, $2::text as slug, $3::text as role, $4::text as scope, $5::text as label, $6::bytea as key_hash,
         $7::timestamptz as expires_at, $8::text as actor, $9::text as subject, $10::text as request_id),
made as (
  insert into api_key (public_id, tenant_id, role, scope, label, key_hash, expires_at)
  select g.public_id, t.id, g.role, g.scope, g.label, g.key_hash, g.expires_at
    from given g join tenant t on t.slug = g.slug and t.deleting_at is null
  returning *),
audited as (
  insert into audit (chain, tenant_id, actor, action, subject, request_id, after)
  select 'tenant/' || m.tenant_id, m.tenant_id, g.actor, 'key.created', g.subject, g.request_id,
         jsonb_build_object('role', m.role, 'scope', m.scope, 'label', m.label, 'expires_at', m.expires_at)::text
    from made m, given g)
select public_id, role, scope, label, created_at, expires_at, last_used_at, revoked_at from made
