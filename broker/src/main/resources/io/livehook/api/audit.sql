-- A page of a tenant's audit, newest first. $1 tenant, $2 subject or null, $3 actor or null, $4 id to start below, $5 limit. Index audit_tenant.
select a.id, a.at, a.actor, a.action, a.subject, a.request_id, a.before, a.after, a.chain, a.number, a.hash
  from audit a
 where a.tenant_id = $1::int8 and ($2::text is null or a.subject = $2::text) and ($3::text is null or a.actor = $3::text)
   and a.id < $4::int8
 order by a.id desc limit $5::int4
