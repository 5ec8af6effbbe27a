-- ?1 slug, ?2 label. Index tenant_slug_key, api_key_tenant.
update api_key set revoked_at = now()
where tenant_id = (select id from tenant where slug = ?::text)
  and label = ?::text and revoked_at is null
