-- When keys were last used. $1 public ids, $2 times. Index api_key_public_id_key.
with used as (
  select k.id, u.at from unnest($1::uuid[], $2::timestamptz[]) u (public_id, at) join api_key k on k.public_id = u.public_id
   order by k.id for no key update of k)
update api_key k set last_used_at = u.at from used u where k.id = u.id and (k.last_used_at is null or k.last_used_at < u.at)
