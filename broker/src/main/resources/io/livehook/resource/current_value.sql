-- The newest update of a resource. $1 tenant, $2 hash of the URI, $3 whether the body is wanted. No row: unknown.
-- Index resource_tenant_id_uri_hash_key, update_log_resource, resource_snapshot_pkey.
select r.public_id, coalesce(u.id, n.update_id) as update_id, coalesce(u.kind, n.kind) as kind,
       case when u.id is null then n.etag else u.etag end as etag,
       case when u.id is null then n.content_type else u.content_type end as content_type,
       case when u.id is null then n.headers else u.headers end as headers,
       octet_length(coalesce(u.body, n.body)) as length,
       case when $3::bool then coalesce(u.body, n.body) end as body
  from resource r
  left join lateral (select l.* from update_log l where l.resource_id = r.id order by l.id desc limit 1) u on true
  left join resource_snapshot n on n.resource_id = r.id and u.id is null
 where r.tenant_id = $1::int8 and r.uri_hash = $2::bytea
