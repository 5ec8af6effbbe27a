-- Subscriptions of tenants that are being deleted, oldest first. $1 tenant, $2 id to start after, $3 limit. Index subscription_tenant, resource_pkey.
select s.id, r.uri from subscription s join resource r on r.id = s.resource_id
 where s.tenant_id = $1::int8 and s.id > $2::int8 and s.status <> 'ended'
 order by s.id limit $3::int4
