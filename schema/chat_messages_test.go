package schema_test

import "testing"

func TestMessages(t *testing.T) { checkBad(t, badMessages) }

var badMessages = map[string]badBody{
	"a text":                  {message(`"Hi"`), "/messages/0", "messages[0] must be an object"},
	"a null":                  {message(`null`), "/messages/0", "messages[0] must be an object"},
	"a list":                  {message(`[]`), "/messages/0", "messages[0] must be an object"},
	"nothing in it":           {message(`{}`), "/messages/0/role", "messages[0].role is missing"},
	"no role":                 {message(`{"content":"Hi"}`), "/messages/0/role", "messages[0].role is missing"},
	"role null":               {message(`{"role":null,"content":"Hi"}`), "/messages/0/role", "must be a text"},
	"role a number":           {message(`{"role":5,"content":"Hi"}`), "/messages/0/role", "must be a text"},
	"role unknown":            {message(`{"role":"bot","content":5}`), "/messages/0/role", "must be one of system, developer, user, assistant, tool"},
	"role in capitals":        {message(`{"role":"User","content":"Hi"}`), "/messages/0/role", "must be one of system,"},
	"role empty":              {message(`{"role":"","content":"Hi"}`), "/messages/0/role", "must be one of system,"},
	"the last one":            {message(`{"role":"user","content":"Hi"},{"role":"user","content":"Hi"},{"role":"x"}`), "/messages/2/role", "messages[2].role must be one of"},
	"system without content":  {message(`{"role":"system"}`), "/messages/0/content", "messages[0].content is missing"},
	"system content null":     {message(`{"role":"system","content":null}`), "/messages/0/content", "must be a text"},
	"system content a number": {message(`{"role":"system","content":1}`), "/messages/0/content", "must be a text"},
	"system content parts":    {message(`{"role":"system","content":[{"type":"text","text":"Hi"}]}`), "/messages/0/content", "must be a text"},
	"developer no content":    {message(`{"role":"developer"}`), "/messages/0/content", "is missing"},
	"developer content null":  {message(`{"role":"developer","content":null}`), "/messages/0/content", "must be a text"},
	"developer content parts": {message(`{"role":"developer","content":[]}`), "/messages/0/content", "must be a text"},
	"user without content":    {message(`{"role":"user"}`), "/messages/0/content", "messages[0].content is missing"},
	"user content null":       {message(`{"role":"user","content":null}`), "/messages/0/content", "must be a text or a list"},
	"user content a number":   {message(`{"role":"user","content":1}`), "/messages/0/content", "must be a text or a list"},
	"user content an object":  {message(`{"role":"user","content":{"type":"text","text":"Hi"}}`), "/messages/0/content", "must be a text or a list"},
}

func TestAnswers(t *testing.T) { checkBad(t, badAnswers) }

var badAnswers = map[string]badBody{
	"content a number":      {message(`{"role":"assistant","content":1}`), "/messages/0/content", "must be a text"},
	"content parts":         {message(`{"role":"assistant","content":[]}`), "/messages/0/content", "must be a text"},
	"calls an object":       {message(`{"role":"assistant","tool_calls":{}}`), "/messages/0/tool_calls", "must be a list"},
	"audio a text":          {message(`{"role":"assistant","audio":"x"}`), "/messages/0/audio", "must be an object"},
	"audio without id":      {message(`{"role":"assistant","audio":{}}`), "/messages/0/audio/id", "messages[0].audio.id is missing"},
	"audio id a number":     {message(`{"role":"assistant","audio":{"id":1}}`), "/messages/0/audio/id", "must be a text"},
	"call a number":         {call(`1`), "/messages/0/tool_calls/0", "messages[0].tool_calls[0] must be an object"},
	"call without id":       {call(`{"type":"function","function":{"name":"f","arguments":""}}`), "/messages/0/tool_calls/0/id", "is missing"},
	"call id a number":      {call(`{"id":1,"type":"function","function":{"name":"f","arguments":""}}`), "/messages/0/tool_calls/0/id", "must be a text"},
	"call id null":          {call(`{"id":null,"type":"function","function":{"name":"f","arguments":""}}`), "/messages/0/tool_calls/0/id", "must be a text"},
	"call without type":     {call(`{"id":"1","function":{"name":"f","arguments":""}}`), "/messages/0/tool_calls/0/type", "is missing"},
	"call type unknown":     {call(`{"id":"1","type":"tool","function":{"name":"f","arguments":""}}`), "/messages/0/tool_calls/0/type", "must be function"},
	"call no function":      {call(`{"id":"1","type":"function"}`), "/messages/0/tool_calls/0/function", "is missing"},
	"call function text":    {call(`{"id":"1","type":"function","function":"f"}`), "/messages/0/tool_calls/0/function", "must be an object"},
	"call without name":     {call(`{"id":"1","type":"function","function":{"arguments":""}}`), "/messages/0/tool_calls/0/function/name", "is missing"},
	"call name a number":    {call(`{"id":"1","type":"function","function":{"name":1,"arguments":""}}`), "/messages/0/tool_calls/0/function/name", "must be a text"},
	"call no arguments":     {call(`{"id":"1","type":"function","function":{"name":"f"}}`), "/messages/0/tool_calls/0/function/arguments", "is missing"},
	"call arguments number": {call(`{"id":"1","type":"function","function":{"name":"f","arguments":1}}`), "/messages/0/tool_calls/0/function/arguments", "must be a text or an object"},
	"call arguments null":   {call(`{"id":"1","type":"function","function":{"name":"f","arguments":null}}`), "/messages/0/tool_calls/0/function/arguments", "must be a text or an object"},
	"tool without id":       {message(`{"role":"tool","content":"1"}`), "/messages/0/tool_call_id", "messages[0].tool_call_id is missing"},
	"tool id null":          {message(`{"role":"tool","tool_call_id":null}`), "/messages/0/tool_call_id", "must be a text"},
	"tool id a number":      {message(`{"role":"tool","tool_call_id":1}`), "/messages/0/tool_call_id", "must be a text"},
	"tool content number":   {message(`{"role":"tool","tool_call_id":"1","content":1}`), "/messages/0/content", "must be a text"},
	"tool content parts":    {message(`{"role":"tool","tool_call_id":"1","content":[]}`), "/messages/0/content", "must be a text"},
}

func TestContentParts(t *testing.T) { checkBad(t, badParts) }

var badParts = map[string]badBody{
	"a text":               {part(`"Hi"`), "/messages/0/content/0", "messages[0].content[0] must be an object"},
	"no type":              {part(`{"text":"Hi"}`), "/messages/0/content/0/type", "messages[0].content[0].type is missing"},
	"type a number":        {part(`{"type":1}`), "/messages/0/content/0/type", "must be a text"},
	"type unknown":         {part(`{"type":"image"}`), "/messages/0/content/0/type", "must be one of text, image_url, audio_url, input_audio"},
	"stale audio":          {part(`{"type":"audio_input","audio_input":{"data":"","mime_type":"audio/wav"}}`), "/messages/0/content/0/type", "must be one of text,"},
	"no text":              {part(`{"type":"text"}`), "/messages/0/content/0/text", "is missing"},
	"text null":            {part(`{"type":"text","text":null}`), "/messages/0/content/0/text", "must be a text"},
	"text a number":        {part(`{"type":"text","text":1}`), "/messages/0/content/0/text", "must be a text"},
	"no image":             {part(`{"type":"image_url","url":"https://h/i"}`), "/messages/0/content/0/image_url", "is missing"},
	"image a text":         {part(`{"type":"image_url","image_url":"https://h/i"}`), "/messages/0/content/0/image_url", "must be an object"},
	"image without url":    {part(`{"type":"image_url","image_url":{"detail":"low"}}`), "/messages/0/content/0/image_url/url", "is missing"},
	"image url a number":   {part(`{"type":"image_url","image_url":{"url":1}}`), "/messages/0/content/0/image_url/url", "must be a text"},
	"image detail unknown": {part(`{"type":"image_url","image_url":{"url":"u","detail":"huge"}}`), "/messages/0/content/0/image_url/detail", "must be one of auto, low, high"},
	"image detail number":  {part(`{"type":"image_url","image_url":{"url":"u","detail":1}}`), "/messages/0/content/0/image_url/detail", "must be a text"},
	"no audio":             {part(`{"type":"audio_url"}`), "/messages/0/content/0/audio_url", "is missing"},
	"audio a text":         {part(`{"type":"audio_url","audio_url":"u"}`), "/messages/0/content/0/audio_url", "must be an object"},
	"audio without url":    {part(`{"type":"audio_url","audio_url":{}}`), "/messages/0/content/0/audio_url/url", "is missing"},
	"audio url a number":   {part(`{"type":"audio_url","audio_url":{"url":1}}`), "/messages/0/content/0/audio_url/url", "must be a text"},
	"no sound":             {part(`{"type":"input_audio","format":"wav"}`), "/messages/0/content/0/input_audio", "is missing"},
	"sound a text":         {part(`{"type":"input_audio","input_audio":"AA=="}`), "/messages/0/content/0/input_audio", "must be an object"},
	"sound without data":   {part(`{"type":"input_audio","input_audio":{"format":"wav"}}`), "/messages/0/content/0/input_audio/data", "is missing"},
	"sound data a number":  {part(`{"type":"input_audio","input_audio":{"data":1,"format":"wav"}}`), "/messages/0/content/0/input_audio/data", "must be a text"},
	"sound without format": {part(`{"type":"input_audio","input_audio":{"data":"AA=="}}`), "/messages/0/content/0/input_audio/format", "is missing"},
	"sound format unknown": {part(`{"type":"input_audio","input_audio":{"data":"","format":"ogg"}}`), "/messages/0/content/0/input_audio/format", "must be one of wav, mp3"},
	"sound format null":    {part(`{"type":"input_audio","input_audio":{"data":"","format":null}}`), "/messages/0/content/0/input_audio/format", "must be a text"},
	"the second":           {part(`{"type":"text","text":""},{"type":"text"}`), "/messages/0/content/1/text", "messages[0].content[1].text is missing"},
}
