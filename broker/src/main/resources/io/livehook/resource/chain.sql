-- Where the chain of a resource stands. $1 tenant, $2 hash of the URI. No row: unknown.
-- Index resource_tenant_id_uri_hash_key, update_log_resource, resource_snapshot_pkey.
select r.id, r.read = 'open' as open, r.kind = 'collection' as collection, coalesce(u.id, n.update_id, 0) as head,
       coalesce(u.kind, n.kind) as kind, coalesce(u.content_type, n.content_type) as content_type
  from resource r
  left join lateral (
    select l.id, l.kind, l.content_type from update_log l where l.resource_id = r.id order by l.id desc limit 1) u on true
  left join resource_snapshot n on n.resource_id = r.id and u.id is null
 where r.tenant_id = $1::int8 and r.uri_hash = $2::bytea
