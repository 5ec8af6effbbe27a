-- Tenants that are being deleted. The last request that knew one of their keys is over when it is settled.
select t.id, t.public_id, t.deleting_at < now() - interval '10 seconds' as settled
  from tenant t where t.deleting_at is not null and t.deleted_at is null order by t.id
