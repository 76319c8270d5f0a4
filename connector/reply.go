package connector

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"inferenceconnector/schema"
)

// getChatReply is the one action that is asked for in its own words and answered in them. In between it is a chat
// completion like any other.
const getChatReply = "GetChatReply"

// The parameters of GetChatReply that have other names, or are in other places, in a chat completion.
const (
	systemPrompt = "system_prompt"
	userPrompt   = "user_prompt"
	image        = "image"
	jsonSchema   = "json_schema"
)

// A chatReply is what an answer will be made of.
type chatReply struct {
	schema *schema.Foreign // nil when text is asked for
	record *Record
	part   *Part
}

// translate makes a chat completion of a GetChatReply. What its author wrote stays as it was written.
func (c *chatReply) translate(asked *schema.Document) (*schema.Document, error) {
	if wrong := c.compile(asked); wrong != nil {
		return nil, invalid(ValidationFailed, below(jsonSchema, wrong))
	}
	var pieces [][]byte
	add := func(text string, more ...[]byte) { pieces = append(append(pieces, []byte(text)), more...) }
	add(`{"messages":[`)
	if asked.Text(systemPrompt) != "" {
		add(`{"role":"system","content":`, asked.Source(systemPrompt), []byte(`},`))
	}
	add(`{"role":"user","content":`)
	if kind, picture := imageURL(asked); picture == nil {
		add("", asked.Source(userPrompt))
	} else {
		add(`[{"type":"text","text":`, asked.Source(userPrompt))
		add(`},{"type":"image_url","image_url":{"url":"`+kind, picture, []byte(`"}}]`))
	}
	add(`}]`)
	for _, name := range []string{model, temperature, maxTokens} {
		if source := asked.Source(name); source != nil {
			add(`,"`+name+`":`, source)
		}
	}
	if format := asked.Source(jsonSchema); format != nil {
		add(`,"response_format":{"type":"json_schema","json_schema":{"name":"reply","schema":`, format, []byte(`}}`))
	}
	add(`}`)
	return c.parse(pieces)
}

// compile compiles the schema that was asked for, if one was.
func (c *chatReply) compile(asked *schema.Document) (wrong []schema.Violation) {
	given, _ := asked.Value(jsonSchema)
	object, there := given.(map[string]any)
	if !there {
		return nil
	}
	if kind, given := object["type"]; given && !admitsObject(kind) { // as models want it, and workflows
		return []schema.Violation{{Path: []string{"type"}, Keyword: "const", Rule: "must be object", Input: kind}}
	}
	c.schema, wrong = schema.CompileForeign(asked.Source(jsonSchema))
	return wrong
}

// admitsObject reports whether a schema's type, one or a list, lets an object pass. What is neither is no type.
func admitsObject(kind any) bool {
	switch kind := kind.(type) {
	case string:
		return kind == "object"
	case []any:
		return slices.Contains(kind, any("object"))
	}
	return true
}

func (c *chatReply) parse(pieces [][]byte) (*schema.Document, error) {
	bytesInAll := 0
	for _, piece := range pieces {
		bytesInAll += len(piece)
	}
	if err := c.part.Keep(int64(bytesInAll)); err != nil {
		return nil, err
	}
	chat, err := schema.ParseWithin(bytes.Join(pieces, nil), c.part.Keep)
	if _, deep := errors.AsType[*schema.SyntaxError](err); deep { // all else was seen before
		return nil, misfit(jsonSchema, "must be nested less deep")
	}
	return chat, err
}

func below(name string, violations []schema.Violation) []schema.Violation {
	for i, v := range violations {
		violations[i].Path = append([]string{name}, v.Path...)
	}
	return violations
}

// pictures are the beginnings of files in base64, by type: those that models take. The action file knows them, too.
var pictures = map[string]string{"iVBORw0KGgo": "image/png", "/9j/": "image/jpeg", "R0lGOD": "image/gif", "UklGR": "image/webp"}

// imageURL returns how the picture's address begins, and the inside of the JSON text for the rest, nil when there is
// no picture. An author has an address, or what a file holds: contentBytes, or an object with $content around it.
func imageURL(asked *schema.Document) (kind string, inside []byte) {
	given, _ := asked.Value(image)
	source := asked.Source(image)
	if object, isObject := given.(map[string]any); isObject {
		given = object["$content"]
		source = compact(given)
	}
	content, _ := given.(string)
	if content == "" {
		return "", nil
	}
	inside = source[1 : len(source)-1]
	for beginning, kind := range pictures {
		if strings.HasPrefix(content, beginning) {
			return "data:" + kind + ";base64,", inside
		}
	}
	return "", inside
}

// inItsWords names the parameters of GetChatReply in an error about the chat completion that it became.
func (c *chatReply) inItsWords(err error) error {
	if c == nil || err == nil {
		return err
	}
	e := AsError(err)
	if len(e.Violations) == 0 {
		return err
	}
	rename(e.Violations)
	return invalid(e.Code, e.Violations)
}

// rename names parameters of GetChatReply instead of those of a chat completion, and reports whether there were any.
func rename(violations []schema.Violation) (found bool) {
	for i, v := range violations {
		name := ""
		switch {
		case len(v.Path) == 0:
		case v.Path[0] == "response_format":
			name = jsonSchema
		case v.Path[0] == messages && (v.Input == "image_url" || slices.Contains(v.Path, "image_url")):
			name = image
		case v.Path[0] == messages:
			name = userPrompt
		}
		if name != "" {
			violations[i].Path, found = []string{name}, true
		}
	}
	return found
}
