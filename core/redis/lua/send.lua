-- Stores a notification in its user's log and publishes it, in one step (docs/protocol.md, Stored notifications).
--
--   KEYS[1]  the user's channel, which is the log's key too
--   ARGV     the notification as a JSON object, then options: name value …
--            max-entries n     what the log keeps of its newest entries (1000)
--            keep seconds      how long the log lives after this entry at least (2592000)
--            id text           the same id sent again within a day changes nothing
--            key text          the same as "key" in the object: replaces the unread notification of that key
--            reply channel, ask written|seen   what the gateways are to answer, and where
--
-- Returns {id, receivers, at}: of the first one, with -1 receivers, if `id` has been sent before.
--
-- A user without keys, ids and a full log costs six commands and one key. What is cheap in Lua here was
-- measured: plain find, fixed offsets, few strings; no patterns, no string.format, and no arithmetic on
-- times of 16 digits, which Lua would print with 14.
local log, json = KEYS[1], ARGV[1]
local call = redis.call
local most, keep, id, key, question = 1000, 2592000, nil, nil, ''

if #ARGV ~= 1 then
  local reply, ask
  if not json then return redis.error_reply('NOTIFY there is no notification: give a JSON object') end
  for i = 2, #ARGV, 2 do
    local name, value = ARGV[i], ARGV[i + 1]
    local number = value and #value < 10 and value:find('^%d+$') and tonumber(value)
    if not value then
      return redis.error_reply("NOTIFY the option '" .. name .. "' has no value")
    elseif name == 'max-entries' or name == 'keep' then
      if not number or number == 0 then
        return redis.error_reply('NOTIFY ' .. name .. " is '" .. value .. "': give a number from 1 to 999999999")
      end
      if name == 'keep' then keep = number else most = number end
    elseif name == 'id' or name == 'key' then
      if value == '' or #value > 255 then
        return redis.error_reply('NOTIFY ' .. name .. ' has ' .. #value .. ' bytes: give 1 to 255')
      end
      if name == 'id' then id = value else key = value end
    elseif name == 'reply' and value:find('^[%w:/._-]+$') then
      reply = value
    elseif name == 'ask' and (value == 'written' or value == 'seen') then
      ask = value
    elseif name == 'reply' or name == 'ask' then
      return redis.error_reply('NOTIFY ' .. name .. " is '" .. value
        .. "': ask is written or seen, reply a channel of letters, digits and :/._-")
    else
      return redis.error_reply("NOTIFY there is no option '" .. name
        .. "': there are max-entries, keep, id, key, reply, ask")
    end
  end
  if (reply and not ask) or (ask and not reply) then
    return redis.error_reply('NOTIFY reply and ask belong together: give both or neither')
  end
  if ask then question = '"reply":"' .. reply .. '","ask":"' .. ask .. '",' end
end

-- 1. Is this a notification? Its text goes on as it came, in one line, since clients may read it by lines.
if json:find('\n', 1, true) or json:find('\r', 1, true) then json = json:gsub('[\r\n]', ' ') end
if json:byte() ~= 123 then json = json:match('^%s*(.*)$') end
local is_json, fields = pcall(cjson.decode, json)
if not is_json or json:byte() ~= 123 then
  return redis.error_reply('NOTIFY this is no JSON object: give one such as {"message":"Hey"}')
elseif type(fields.message) ~= 'string' then
  return redis.error_reply('NOTIFY there is no text in "message": give one, such as {"message":"Hey"}')
elseif fields.id ~= nil or fields.at ~= nil or fields.unread ~= nil or fields.type ~= nil then
  return redis.error_reply('NOTIFY "id", "at", "unread" and "type" are not the sender\'s to give; '
    .. 'for a kind of its own there is "event"')
end
if fields.title ~= nil or fields.level ~= nil or fields.link ~= nil or fields.event ~= nil or fields.ttl ~= nil
  or fields.key ~= nil or key then
  for _, name in ipairs({'title', 'level', 'link', 'event', 'key'}) do
    if fields[name] ~= nil and type(fields[name]) ~= 'string' then
      return redis.error_reply('NOTIFY "' .. name .. '" is no text: leave it out, or give one')
    end
  end
  local level, ttl = fields.level, fields.ttl
  if level and level ~= 'info' and level ~= 'success' and level ~= 'warning' and level ~= 'error' then
    return redis.error_reply('NOTIFY "level" is \'' .. level .. "': give info, success, warning or error")
  elseif ttl ~= nil and (type(ttl) ~= 'number' or ttl < 1 or ttl > 3200000000 or ttl % 1 ~= 0) then
    return redis.error_reply('NOTIFY "ttl" is no number of seconds: give a whole one from 1 on')
  elseif fields.key and (fields.key == '' or #fields.key > 255) then
    return redis.error_reply('NOTIFY "key" has ' .. #fields.key .. ' bytes: give 1 to 255')
  elseif fields.key and key and fields.key ~= key then
    return redis.error_reply('NOTIFY there are two keys: give one')
  end
  if key and not fields.key then json = '{"key":' .. cjson.encode(key) .. ',' .. json:sub(2) end
  key = key or fields.key
end

local id_key
if id then
  id_key = '{' .. log .. '}:id:' .. id
  local first = call('GET', id_key)
  if first then
    local dash = first:find('-', 15, true)
    return {first:sub(1, dash - 1), -1, first:sub(dash + 1)}
  end
end

-- 2. What does the log end with? "<epoch>-<n>-<at> {"unread":<u>,…": 13 digits, some, 16, some.
local last = redis.pcall('LINDEX', log, -1)
local now = call('TIME')
local at = now[2]
if #at < 6 then at = ('00000' .. at):sub(-6) end
at = now[1] .. at
local head, unread  -- "<epoch>-<n>", and how many are unread with this one
if not last then
  head, unread = at:sub(1, 13) .. '-1', '1'
elseif type(last) == 'table' then
  if not last.err:find('WRONGTYPE', 1, true) then return last end
  return redis.error_reply("WRONGTYPE the key '" .. log .. "' is no log of notify: delete or rename it")
else
  local dash = last:find('-', 15, true) or 15
  local comma = last:find(',', dash + 28, true) or #last  -- a log that a read has begun has no comma
  local before = last:sub(dash + 1, dash + 16)
  if at <= before then at = string.format('%.0f', before + 1) end  -- the clock has jumped back

  -- Mostly one digit of each number changes, and printing numbers is slow. A log of numbers with less
  -- than four digits is not full, unless an option says so.
  local of_n, of_unread = last:byte(dash - 1) or 0, last:byte(comma - 1)
  if 48 <= of_n and of_n < 57 and 48 <= of_unread and of_unread < 57 and dash < 19 and not key
    and #ARGV == 1 then
    head = last:sub(1, dash - 2) .. string.char(of_n + 1)
    unread = last:sub(dash + 28, comma - 2) .. string.char(of_unread + 1)
  else
    local n
    n, unread = last:match('^%d+%-(%d+)%-%d+ {"unread":(%d+)')
    if not n then
      return redis.error_reply("NOTIFY the list '" .. log .. "' ends with what is no entry: delete the list")
    end
    n, unread = n + 1, unread + 1

    -- 3. What it takes along: the oldest entries of a log that is full, and the former one of its key. An entry
    -- is read if its number is in the hash or not above `upto`; what is replaced counts as read.
    local length = n > most and call('LLEN', log) or 0
    if key or length >= most then
      local read, keys, epoch = '{' .. log .. '}:read', '{' .. log .. '}:keys', last:sub(1, 13)
      local state = call('HMGET', read, 'epoch', 'upto')
      local former = key and call('HGET', keys, key)
      local upto = tonumber(state[2]) or 0
      if state[1] ~= epoch then
        upto = 0
        call('DEL', read)  -- of a log that was here before
      end
      if length >= most then
        for number = n - length, n - most do
          if number > upto and call('HDEL', read, number) == 0 then unread = unread - 1 end
        end
        call('LTRIM', log, length - most + 1, -1)
      end
      local oldest = n - call('LLEN', log)
      local number = former and former:sub(1, 13) == epoch and tonumber(former:sub(15)) or 0
      if number > upto and number >= oldest and call('HSETNX', read, number, 1) == 1 then
        unread = unread - 1
        call('HSET', read, 'epoch', epoch, 'upto', upto)
      end
      if key and call('HLEN', keys) >= 2 * most then  -- most of them name entries that are gone
        local all = call('HGETALL', keys)
        for i = 1, #all, 2 do
          local number = all[i + 1]:sub(1, 13) == epoch and tonumber(all[i + 1]:sub(15)) or 0
          if number < oldest then call('HDEL', keys, all[i]) end
        end
      end
    end
    head = last:sub(1, 14) .. n
  end
end

-- 4. Store it and publish it. What is not published is not stored either.
local rest = '"unread":' .. unread .. ',' .. json:sub(2)
call('RPUSH', log, head .. '-' .. at .. ' {' .. rest)
local receivers = redis.pcall('PUBLISH', log, '\30{' .. question .. '"id":"' .. head .. '","at":' .. at .. ',' .. rest)
if type(receivers) == 'table' then
  call('RPOP', log)
  return receivers
end
if id then call('SET', id_key, head .. '-' .. at, 'EX', 86400) end
if key then call('HSET', '{' .. log .. '}:keys', key, head) end

-- 5. The log expires an hour later than it must, and so is this changed once an hour at most.
local life = call('TTL', log)
local renewed = life < keep
if renewed then
  life = keep + 3600
  call('EXPIRE', log, life)
end
if key or (renewed and last) then
  call('EXPIRE', '{' .. log .. '}:read', life)
  call('EXPIRE', '{' .. log .. '}:keys', life)
end
return {head, receivers, at}
