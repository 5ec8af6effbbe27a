-- Keys of a tenant that carry a label and have not been revoked. $1 slug, $2 label. Index tenant_slug_key, api_key_tenant.
select k.public_id from api_key k join tenant t on t.id = k.tenant_id
 where t.slug = $1::text and k.label = $2::text and k.revoked_at is null
