-- R4, R8. Resources by id ($1) or by tenant and hash ($2, $3), with the head of their log. Index resource_pkey, resource_tenant_id_uri_hash_key, update_log_resource.
select r.id, r.tenant_id, r.uri, r.sub_ver, coalesce(h.sequence, n.sequence, 0) as sequence, coalesce(h.kind, n.kind, -1)::int2 as kind,
       case when h.kind is null then n.etag else h.etag end as etag
  from (select r.* from resource r where r.id = any($1::int8[])
        union
        select r.* from unnest($2::int8[], $3::bytea[]) k (t, h) join resource r on r.tenant_id = k.t and r.uri_hash = k.h) r
  left join lateral (select u.sequence, u.kind, u.etag from update_log u where u.resource_id = r.id order by u.id desc limit 1) h on true
  left join resource_snapshot n on n.resource_id = r.id
