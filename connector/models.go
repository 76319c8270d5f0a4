package connector

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"

	"inferenceconnector/schema"
)

// listModels is the one action that no endpoint answers.
const listModels = "ListModels"

// listModels answers with the connection's deployments: as a drop-down list reads them, or as OpenAI's clients do.
func (c *Connection) listModels(dialect schema.Dialect) (*Response, error) {
	type (
		entry struct {
			ID          string `json:"id"`
			DisplayName string `json:"displayName"`
		}
		openAIEntry struct {
			ID      string `json:"id"`
			Object  string `json:"object"`
			Created int64  `json:"created"`
			OwnedBy string `json:"owned_by"`
		}
	)
	entries, openAIEntries := []entry{}, []openAIEntry{}
	for _, d := range c.Deployments {
		entries = append(entries, entry{d.Name, d.Name})
		openAIEntries = append(openAIEntries, openAIEntry{d.Name, "model", 0, c.Name})
	}
	var list any = struct {
		Value []entry `json:"value"`
	}{entries}
	if dialect == schema.OpenAI {
		list = struct {
			Object string        `json:"object"`
			Data   []openAIEntry `json:"data"`
		}{"list", openAIEntries}
	}
	text, err := json.Marshal(list)
	if err != nil {
		return nil, err
	}
	return NewResponse(http.StatusOK, text), nil
}

// NewResponse returns a Response whose body is text.
func NewResponse(status int, text []byte) *Response {
	return &Response{Status: status, Length: int64(len(text)), Body: io.NopCloser(bytes.NewReader(text))}
}
