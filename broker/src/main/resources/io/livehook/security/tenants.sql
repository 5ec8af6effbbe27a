-- Names of all tenants. Few.
select id, slug from tenant
