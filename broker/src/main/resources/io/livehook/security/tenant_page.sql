-- A page of tenants, newest first. $1 id to start below, $2 limit. Index tenant_pkey.
select t.id, t.public_id, t.slug, t.retry_schedule, t.created_at, t.deleting_at, t.deleted_at
  from tenant t where t.id < $1::int8 order by t.id desc limit $2::int4
