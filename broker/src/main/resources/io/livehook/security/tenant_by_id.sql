-- A tenant. $1 public id. Index tenant_public_id_key.
select t.id, t.public_id, t.slug, t.retry_schedule, t.created_at, t.deleting_at, t.deleted_at
  from tenant t where t.public_id = $1::uuid
