-- $1 slug. Index tenant_slug_key.
select public_id from tenant where slug = $1::text and deleting_at is null
