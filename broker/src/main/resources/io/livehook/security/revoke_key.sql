-- The end of a key, with its audit row. $1 public id, $2 slug of its tenant or null for any, $3 whether keys of scope * may be ended,
-- $4 who asks, $5 the id as shown, $6 request id. Index api_key_public_id_key. No row: no such key.
with given as (
  select $1::uuid as public_id, $2::text as slug, $3::bool as everywhere, $4::text as actor, $5::text as subject, $6::text as request_id),
found as (
  select k.id from given g join api_key k on k.public_id = g.public_id join tenant t on t.id = k.tenant_id
   where (g.slug is null or t.slug = g.slug) and (g.everywhere or k.scope = 'tenant')),
revoked as (
  update api_key k set revoked_at = now() from found f where k.id = f.id and k.revoked_at is null returning k.*),
audited as (
  insert into audit (chain, tenant_id, actor, action, subject, request_id, before, after)
  select 'tenant/' || r.tenant_id, r.tenant_id, g.actor, 'key.revoked', g.subject, g.request_id,
         jsonb_build_object('revoked_at', null)::text, jsonb_build_object('revoked_at', r.revoked_at)::text
    from revoked r, given g)
select id from found
