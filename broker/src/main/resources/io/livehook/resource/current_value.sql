-- What a resource is now. $1 tenant, $2 hash of the URI, $3 whether the body is wanted. No row: unknown.
-- A collection's value is the one that its newest changes lead on from, if the log still has all of them.
-- Index resource_tenant_id_uri_hash_key, update_log_resource, resource_snapshot_pkey.
select r.public_id, r.read = 'open' as open, r.kind = 'collection' as collection, coalesce(u.id, v.id, 0) as head, coalesce(u.kind, v.kind) as head_kind,
       v.id as value_id, v.kind as kind, v.etag, v.content_type, v.headers, octet_length(v.body) as length,
       case when $3::bool then v.body end as body
  from resource r
  left join lateral (select l.* from update_log l where l.resource_id = r.id order by l.id desc limit 1) u on true
  left join lateral (
    select u.id, u.kind, u.etag, u.content_type, u.headers, u.body where u.kind <> 1
    union all
    select l.id, l.kind, l.etag, l.content_type, l.headers, l.body from update_log l
     where u.kind = 1 and l.resource_id = r.id and l.id = u.value_id
    union all
    select n.update_id, n.kind, n.etag, n.content_type, n.headers, n.body from resource_snapshot n
     where u.id is null and n.resource_id = r.id) v on true
 where r.tenant_id = $1::int8 and r.uri_hash = $2::bytea
