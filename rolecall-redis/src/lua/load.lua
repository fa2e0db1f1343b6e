-- KEYS 1 token
-- Returns its age, its lifetime, the token, its refresh token ('' if it has none) and that one's generation; nothing if
-- there is no token. Times in milliseconds.
local time = redis.call('TIME')
local found = redis.call('HMGET', KEYS[1], 'issued', 'lifetime', 'token', 'refresh', 'generation')
if not (found[1] and found[2] and found[3]) then return false end
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local age = math.max(0, now - tonumber(found[1]))
return { age, tonumber(found[2]), found[3], found[4] or '', tonumber(found[5] or 0) }
