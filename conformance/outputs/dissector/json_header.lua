-- The JSON header (HDR-2 to HDR-8), in one pass over its text.

local function is_utf8(text)
  local at = text:find("[\128-\255]")
  while at do
    local lead = text:byte(at)
    local size, value, smallest
    if lead >= 0xC0 and lead < 0xE0 then
      size, value, smallest = 2, lead - 0xC0, 0x80
    elseif lead >= 0xE0 and lead < 0xF0 then
      size, value, smallest = 3, lead - 0xE0, 0x800
    elseif lead >= 0xF0 and lead < 0xF8 then
      size, value, smallest = 4, lead - 0xF0, 0x10000
    else
      return false
    end
    if at + size - 1 > #text then return false end
    for index = at + 1, at + size - 1 do
      local byte = text:byte(index)
      if byte < 0x80 or byte >= 0xC0 then return false end
      value = value * 64 + byte - 0x80
    end
    if value < smallest or value > 0x10FFFF or (value >= 0xD800 and value <= 0xDFFF) then return false end
    at = text:find("[\128-\255]", at + size)
  end
  return true
end

local function to_utf8(value)
  if value < 0x80 then return string.char(value) end
  local tail = ""
  local room = 0x40
  repeat
    tail = string.char(0x80 + value % 64) .. tail
    value = math.floor(value / 64)
    room = room / 2
  until value < room
  return string.char(256 - 2 * room + value) .. tail
end

local ESCAPES = {['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t"}
local KNOWN = {"filename", "md5", "total_size"}

-- Whether a number in digits, without zeros before it, is above another.
local function is_above(digits, other)
  if #digits ~= #other then return #digits > #other end
  return digits > other
end

-- Reads a text: `at` is where, `kind` and `detail` what is wrong, if anything. Each function gives back false then.
local Reader = {}
Reader.__index = Reader

function Reader:fail(kind, detail)
  self.kind, self.detail = kind, detail
  return false
end
function Reader:syntax(detail) return self:fail("header_syntax", detail) end
function Reader:peek() return self.text:sub(self.at, self.at) end
function Reader:skip_space() self.at = self.text:find("[^ \t\n\r]", self.at) or #self.text + 1 end

function Reader:unicode_unit()
  if self:peek() ~= "u" then return nil end
  local digits = self.text:match("^%x%x%x%x", self.at + 1)
  if not digits then return nil end
  self.at = self.at + 5
  return tonumber(digits, 16)
end

function Reader:escape()
  self.at = self.at + 1
  local letter = self:peek()
  if ESCAPES[letter] then
    self.at = self.at + 1
    return ESCAPES[letter]
  end
  if letter ~= "u" then return self:syntax("there is no such escape") end
  local value = self:unicode_unit()
  if not value then return self:syntax("four hexadecimal digits must follow \\u") end
  if value < 0xD800 or value > 0xDFFF then return to_utf8(value) end
  local low
  if value <= 0xDBFF and self:peek() == "\\" then
    self.at = self.at + 1
    low = self:unicode_unit()
  end
  if not low or low < 0xDC00 or low > 0xDFFF then
    return self:fail("header_encoding", "half of a surrogate pair without the other")
  end
  return to_utf8(0x10000 + (value - 0xD800) * 0x400 + low - 0xDC00)
end

-- A string in quotes: what it means.
function Reader:string()
  self.at = self.at + 1
  local parts = {}
  while self:peek() ~= '"' do
    local _, last = self.text:find('^[^%z\1-\31"\\]+', self.at)
    if last then
      parts[#parts + 1] = self.text:sub(self.at, last)
      self.at = last + 1
    elseif self:peek() == "\\" then
      local meaning = self:escape()
      if not meaning then return false end
      parts[#parts + 1] = meaning
    elseif self.at > #self.text then
      return self:syntax("the text ends inside a string")
    else
      return self:syntax("a control character must be escaped")
    end
  end
  self.at = self.at + 1
  return table.concat(parts)
end

function Reader:digits()
  local _, last = self.text:find("^%d+", self.at)
  if not last then return self:syntax("a digit must stand here") end
  self.at = last + 1
  return true
end

function Reader:number()
  if self:peek() == "-" then self.at = self.at + 1 end
  if self:peek() == "0" then
    self.at = self.at + 1
  elseif not self:digits() then
    return false
  end
  if self:peek() == "." then
    self.at = self.at + 1
    if not self:digits() then return false end
  end
  if self:peek():match("[eE]") then
    self.at = self.at + 1
    if self:peek():match("[+-]") then self.at = self.at + 1 end
    if not self:digits() then return false end
  end
  return true
end

function Reader:open(is_object)
  if #self.containers == dialect.header.depth then
    return self:fail("header_too_deep", "objects and arrays nest deeper than " .. dialect.header.depth)
  end
  self.at = self.at + 1
  self.containers[#self.containers + 1] = {is_object = is_object, is_empty = true, keys = {}}
  return true
end

-- Of values the first error counts, and only if the form is right to the end.
function Reader:note(key, kind, value)
  if key ~= "filename" and key ~= "md5" and key ~= "total_size" then return end
  self.values[key] = value or ""
  if self.value_kind then return end
  local problem
  if key == "filename" then
    if kind ~= "string" or #value > 255 or value:find("[/\\%z]") or value:find("..", 1, true) then
      problem = "filename must be a string of at most 255 bytes without '/', '\\', NUL or '..'"
    end
  elseif key == "md5" then
    if kind ~= "string" or #value ~= 32 or value:find("%X") then problem = "md5 must be a string of 32 hexadecimal digits" end
  elseif kind ~= "number" or value:find("%D") then
    problem = "total_size must be a number written in digits alone"
  elseif is_above(value, dialect.maximum) then
    self.value_kind, self.value_detail = "too_large", "total_size is " .. value:sub(1, 512) .. "; at most " .. dialect.maximum .. " is allowed"
  end
  if problem then self.value_kind, self.value_detail = "header_bad_value", problem end
end

function Reader:value(key)
  local first = self:peek()
  if first == "{" or first == "[" then
    self:note(key, "other")
    return self:open(first == "{")
  end
  if first == '"' then
    local text = self:string()
    if not text then return false end
    self:note(key, "string", text)
    return true
  end
  if first:match("[-%d]") then
    local begin = self.at
    if not self:number() then return false end
    self:note(key, "number", self.text:sub(begin, self.at - 1))
    return true
  end
  for _, literal in ipairs({"true", "false", "null"}) do
    if self.text:sub(self.at, self.at + #literal - 1) == literal then
      self.at = self.at + #literal
      self:note(key, "other")
      return true
    end
  end
  return self:syntax("a JSON value must stand here")
end

-- The end of the innermost container, or its next element with what separates it.
function Reader:member()
  local container = self.containers[#self.containers]
  self:skip_space()
  if self:peek() == (container.is_object and "}" or "]") then
    self.at = self.at + 1
    self.containers[#self.containers] = nil
    return true
  end
  if not container.is_empty then
    if self:peek() ~= "," then return self:syntax("',' or the end of the object or array must stand here") end
    self.at = self.at + 1
    self:skip_space()
  end
  container.is_empty = false
  if not container.is_object then return self:value(nil) end
  if self:peek() ~= '"' then return self:syntax("a key in double quotes must stand here") end
  local key = self:string()
  if not key then return false end
  if container.keys[key] then return self:fail("header_duplicate_key", "this key stands twice in its object") end
  container.keys[key] = true
  self:skip_space()
  if self:peek() ~= ":" then return self:syntax("':' must stand between a key and its value") end
  self.at = self.at + 1
  self:skip_space()
  return self:value(#self.containers == 1 and key or nil)
end

function Reader:document()
  self:skip_space()
  if self:peek() ~= "{" then return self:syntax("a header is one JSON object and starts with '{'") end
  if not self:open(true) then return false end
  while #self.containers > 0 do
    if not self:member() then return false end
  end
  self:skip_space()
  return self.at > #self.text or self:syntax("there are bytes after the JSON object")
end

-- total_size, as a number, in a table; or nil, the kind of the error, and a sentence.
function dialect.header.parse(text)
  if text:sub(1, 3) == "\239\187\191" then return nil, "header_encoding", "a byte order mark; the text must start with '{'" end
  if not is_utf8(text) then return nil, "header_encoding", "this is not valid UTF-8" end
  local reader = setmetatable({text = text, at = 1, containers = {}, values = {}}, Reader)
  if not reader:document() then return nil, reader.kind, reader.detail end
  if reader.value_kind then return nil, reader.value_kind, reader.value_detail end
  for _, key in ipairs(KNOWN) do
    if not reader.values[key] then return nil, "header_missing_key", "the header has no " .. key end
  end
  local size = reader.values.total_size
  if size == "0" then
    if not dialect.zero_is_legal then return nil, "zero_length", "the payload is empty; this dialect has none such" end
  elseif is_above(dialect.minimum, size) then
    return nil, "too_small", "total_size is " .. size .. "; at least " .. dialect.minimum .. " is needed"
  end
  return {total_size = tonumber(size)}
end
