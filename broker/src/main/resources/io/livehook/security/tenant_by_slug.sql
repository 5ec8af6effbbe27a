-- A tenant that is not being deleted, by its name in URLs. $1 slug. Index tenant_slug_key.
select t.id as tenant_id, t.public_id as tenant_public_id, t.slug, t.retry_schedule from tenant t where t.slug = $1::text and t.deleting_at is null
