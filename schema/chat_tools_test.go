package schema_test

import "testing"

func TestReplyFormat(t *testing.T) { checkBad(t, badFormats) }

var badFormats = map[string]badBody{
	"a text":             {with(`"response_format":"json_object"`), "/response_format", "response_format must be an object"},
	"no type":            {with(`"response_format":{}`), "/response_format/type", "response_format.type is missing"},
	"type null":          {with(`"response_format":{"type":null}`), "/response_format/type", "must be a text"},
	"type a number":      {with(`"response_format":{"type":5}`), "/response_format/type", "must be a text"},
	"type unknown":       {with(`"response_format":{"type":"xml"}`), "/response_format/type", "must be one of text, json_object, json_schema"},
	"type in capitals":   {with(`"response_format":{"type":"TEXT"}`), "/response_format/type", "must be one of text, json_object, json_schema"},
	"no schema":          {with(`"response_format":{"type":"json_schema"}`), "/response_format/json_schema", "is missing"},
	"schema null":        {with(`"response_format":{"type":"json_schema","json_schema":null}`), "/response_format/json_schema", "must be an object"},
	"no name":            {replySchema(`"schema":{}`), "/response_format/json_schema/name", "is missing"},
	"no schema in it":    {replySchema(`"name":"n"`), "/response_format/json_schema/schema", "is missing"},
	"name a number":      {replySchema(`"name":1,"schema":{}`), "/response_format/json_schema/name", "must be a text"},
	"name empty":         {replySchema(`"name":"","schema":{}`), "/response_format/json_schema/name", "1 to 64 letters, digits, underscores or hyphens"},
	"name with a space":  {replySchema(`"name":"a b","schema":{}`), "/response_format/json_schema/name", "1 to 64 letters"},
	"name long":          {replySchema(`"name":"` + text(65) + `","schema":{}`), "/response_format/json_schema/name", "1 to 64 letters"},
	"name and line feed": {replySchema(`"name":"a\n","schema":{}`), "/response_format/json_schema/name", "1 to 64 letters"},
	"name not ASCII":     {replySchema(`"name":"é","schema":{}`), "/response_format/json_schema/name", "1 to 64 letters"},
	"schema a text":      {replySchema(`"name":"n","schema":"{}"`), "/response_format/json_schema/schema", "must be an object"},
	"schema in it null":  {replySchema(`"name":"n","schema":null`), "/response_format/json_schema/schema", "must be an object"},
	"description number": {replySchema(`"name":"n","schema":{},"description":1`), "/response_format/json_schema/description", "must be a text"},
	"strict a text":      {replySchema(`"name":"n","schema":{},"strict":"yes"`), "/response_format/json_schema/strict", "must be true or false"},
}

func replySchema(members string) string {
	return with(`"response_format":{"type":"json_schema","json_schema":{` + members + `}}`)
}

func TestTools(t *testing.T) { checkBad(t, badTools) }

var badTools = map[string]badBody{
	"an object":             {with(`"tools":{}`), "/tools", "tools must be a list"},
	"empty":                 {with(`"tools":[]`), "/tools", "tools must have at least 1 item"},
	"a text in it":          {with(`"tools":["f"]`), "/tools/0", "tools[0] must be an object"},
	"a null in it":          {with(`"tools":[null]`), "/tools/0", "tools[0] must be an object"},
	"no type":               {with(`"tools":[{"function":{"name":"f"}}]`), "/tools/0/type", "tools[0].type is missing"},
	"type unknown":          {with(`"tools":[{"type":"retrieval","function":{"name":"f"}}]`), "/tools/0/type", "must be one of function"},
	"type a number":         {with(`"tools":[{"type":1,"function":{"name":"f"}}]`), "/tools/0/type", "must be a text"},
	"no function":           {with(`"tools":[{"type":"function"}]`), "/tools/0/function", "is missing"},
	"function a text":       {with(`"tools":[{"type":"function","function":"f"}]`), "/tools/0/function", "must be an object"},
	"no name":               {tool(`"description":"d"`), "/tools/0/function/name", "tools[0].function.name is missing"},
	"name null":             {tool(`"name":null`), "/tools/0/function/name", "must be a text"},
	"name empty":            {tool(`"name":""`), "/tools/0/function/name", "1 to 64 letters, digits, underscores or hyphens"},
	"name with a dot":       {tool(`"name":"a.b"`), "/tools/0/function/name", "1 to 64 letters"},
	"name long":             {tool(`"name":"` + text(65) + `"`), "/tools/0/function/name", "1 to 64 letters"},
	"name and a line feed":  {tool(`"name":"a\n"`), "/tools/0/function/name", "1 to 64 letters"},
	"description a number":  {tool(`"name":"f","description":1`), "/tools/0/function/description", "must be a text"},
	"parameters a text":     {tool(`"name":"f","parameters":"{}"`), "/tools/0/function/parameters", "must be an object"},
	"parameters a list":     {tool(`"name":"f","parameters":[]`), "/tools/0/function/parameters", "must be an object"},
	"choice a number":       {with(`"tool_choice":5`), "/tool_choice", "tool_choice must be a text or an object"},
	"choice a list":         {with(`"tool_choice":["auto"]`), "/tool_choice", "tool_choice must be a text or an object"},
	"choice unknown":        {with(`"tool_choice":"any"`), "/tool_choice", "tool_choice must be one of auto, none, required"},
	"choice empty":          {with(`"tool_choice":""`), "/tool_choice", "tool_choice must be one of auto, none, required"},
	"choice no type":        {with(`"tool_choice":{"function":{"name":"f"}}`), "/tool_choice/type", "is missing"},
	"choice type unknown":   {with(`"tool_choice":{"type":"tool","function":{"name":"f"}}`), "/tool_choice/type", "must be function"},
	"choice no function":    {with(`"tool_choice":{"type":"function"}`), "/tool_choice/function", "is missing"},
	"choice function text":  {with(`"tool_choice":{"type":"function","function":"f"}`), "/tool_choice/function", "must be an object"},
	"choice no name":        {with(`"tool_choice":{"type":"function","function":{}}`), "/tool_choice/function/name", "is missing"},
	"choice name a number":  {with(`"tool_choice":{"type":"function","function":{"name":1}}`), "/tool_choice/function/name", "must be a text"},
	"the second is the bad": {with(`"tools":[{"type":"function","function":{"name":"f"}},{"type":"function","function":{"name":""}}]`), "/tools/1/function/name", "tools[1].function.name must be 1 to 64"},
}

func tool(members string) string {
	return with(`"tools":[{"type":"function","function":{` + members + `}}]`)
}
