-- R4, R8. Resources by id ($1) or by tenant and hash ($2, $3), with the head of their log. Index resource_pkey, resource_tenant_id_uri_hash_key, update_log_resource.
select r.id, r.tenant_id, r.uri, r.sub_ver, r.kind = 'collection' as collection,
       coalesce(h.sequence, n.sequence, 0) as sequence, coalesce(h.kind, n.kind, -1)::int2 as kind,
       case when h.kind is null then n.etag else h.etag end as etag,
       case when h.kind is null then n.changes_id else h.changes_id end as changes_id,
       coalesce(h.id, n.update_id, 0) as last, coalesce(h.changes_sequence, n.changes_sequence, 0) as changes_sequence,
       case when h.kind is null then coalesce(n.value_id, n.update_id, 0) else coalesce(h.value_id, h.id) end as value_id
  from (select r.* from resource r where r.id = any($1::int8[])
        union
        select r.* from unnest($2::int8[], $3::bytea[]) k (t, h) join resource r on r.tenant_id = k.t and r.uri_hash = k.h) r
  left join lateral (
    select u.id, u.sequence, u.kind, u.etag, u.changes_id, u.value_id, u.changes_sequence
      from update_log u where u.resource_id = r.id order by u.id desc limit 1) h on true
  left join resource_snapshot n on n.resource_id = r.id
