-- KEYS 1 token   Returns its age, its lifetime, and the token; nothing if there is none. Times in milliseconds.
local time = redis.call('TIME')
local found = redis.call('HMGET', KEYS[1], 'issued', 'lifetime', 'token')
if not (found[1] and found[2] and found[3]) then return false end
local now = time[1] * 1000 + math.floor(time[2] / 1000)
return { math.max(0, now - tonumber(found[1])), tonumber(found[2]), found[3] }
