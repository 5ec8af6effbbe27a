-- The resource of a dead letter. $1 tenant, $2 subscription, $3 update, $4 the only label that may be seen or null. Index dead_letter_pkey.
select r.uri from dead_letter d join subscription s on s.id = d.subscription_id join resource r on r.id = s.resource_id
 where d.subscription_id = $2::int8 and d.update_id = $3::int8 and s.tenant_id = $1::int8
   and ($4::text is null or s.label = $4::text)
