-- R2. Begins every writing transaction of an owner. $1 owner.
select 1 from owner where id = $1::int8 and ended_at is null for share
