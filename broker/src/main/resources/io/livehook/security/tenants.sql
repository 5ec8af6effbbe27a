-- All tenants. Few.
select id as tenant_id, public_id as tenant_public_id, slug, retry_schedule from tenant
