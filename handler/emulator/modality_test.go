package emulator_test

import (
	"io"
	"strings"
	"testing"

	"inferenceconnector/handler/emulator"
)

const picture = `"input":[{"image":"data:image/png;base64,AA=="}]`

// others are what can be asked for beside chats, and how; OpenAI has no images.
var others = map[string]string{"/embeddings": `"input":"a"`, "/completions": `"prompt":"a"`, "/images/embeddings": picture}

// A model that cannot do what it is asked for is to some families no route.
func TestNotOfTheModel(t *testing.T) {
	e := serve(t, emulator.Config{})
	const azure = `{"error":{"code":"OperationNotSupported","message":"The %s operation does not work with the specified model, emulator/%m. Please choose different model and try again."}}`
	const openAI = `{"error":{"message":"This model is not supported in the v1%p endpoint.",` + invalid + `,"param":"model","code":null}}`
	const flat = `{"error":"Not Found","message":"Resource not found","status":404}`
	for family, c := range map[string]struct {
		status int
		body   string
	}{
		"serverless": {404, flat}, "managed-online": {424, `{"detail":"Not Found"}`}, "ai-services": {404, notFound}, "github-models": {404, notFound},
		"azure-openai": {400, azure}, "azure-openai v1": {400, azure}, "openai-compatible": {404, openAI},
	} {
		for _, asked := range []struct{ path, model, fields, ability string }{
			{"/chat/completions", "embeddings", `"messages":[{"role":"user","content":"a"}]`, "chatCompletion"},
			{"/completions", "embeddings", `"prompt":"a"`, "completion"},
			{"/completions", "tools", `"prompt":"a"`, "completion"},
			{"/embeddings", "echo", `"input":"a"`, "embeddings"},
		} {
			response := e.instead(t, family, asked.path, asked.model, asked.fields)
			want := strings.NewReplacer("%s", asked.ability, "%m", asked.model, "%p", asked.path).Replace(c.body)
			equal(t, family+asked.path, response.StatusCode, c.status)
			equal(t, family+asked.path, parse(t, readAll(t, response)), parse(t, want))
		}
	}
}

func TestImagesOnlyWhereTheyAreKnown(t *testing.T) {
	e := serve(t, emulator.Config{})
	for family, status := range map[string]int{
		"serverless": 200, "managed-online": 200, "ai-services": 200, "github-models": 200,
		"azure-openai": 404, "azure-openai v1": 404, "openai-compatible": 404,
	} {
		equal(t, family, e.instead(t, family, "/images/embeddings", "embeddings", picture).StatusCode, status)
	}
}

// What refuses a chat refuses everything else in the same words.
func TestOthersAreRefused(t *testing.T) {
	e := serve(t, emulator.Config{})
	for _, family := range dialects() {
		for path, fields := range others {
			if path == "/images/embeddings" && (strings.HasPrefix(family, "azure") || strings.HasPrefix(family, "openai")) {
				continue
			}
			for _, name := range []string{"filtered", "throttled", "unavailable"} {
				want := refusals[family][name]
				response := e.instead(t, family, path, name, fields)
				operation := map[string]string{"/embeddings": "Embeddings_Create", "/completions": "Completions_Create"}[path]
				equal(t, family+path, response.StatusCode, want.status)
				equal(t, family+path, parse(t, readAll(t, response)), parse(t, strings.ReplaceAll(want.body, "ChatCompletions_Create", operation)))
			}
		}
	}
}

func TestOthersAreNotSupported(t *testing.T) {
	e := serve(t, emulator.Config{})
	for path, fields := range others {
		subject, _, _ := strings.Cut(strings.TrimPrefix(fields, `"`), `"`)
		for more, parameter := range map[string]string{"": subject, `,"model":"unsupported","user":null`: subject, `,"seed":7`: "seed"} {
			response := e.instead(t, "ai-services", path, "unsupported", fields+more, "extra-parameters: pass-through")
			equal(t, path, response.StatusCode, 422)
			equal(t, path, at(t, parse(t, readAll(t, response)), "detail", 0, "loc"), any([]any{"body", parameter}))
		}
	}
}

func TestOthersBreak(t *testing.T) {
	e := serve(t, emulator.Config{EventDelay: -1})
	for path, fields := range others {
		response := e.instead(t, "ai-services", path, "breaks", fields)
		half, err := io.ReadAll(response.Body)
		equal(t, path, err, io.ErrUnexpectedEOF)
		equal(t, path, int64(len(half)), response.ContentLength/2)
	}
	stream, err := io.ReadAll(e.instead(t, "ai-services", "/completions", "breaks", `"prompt":"a","stream":true`).Body)
	equal(t, "stream", err, io.ErrUnexpectedEOF)
	equal(t, "number of events", len(events(t, string(stream))), 3)
}

func TestInfoTellsTheType(t *testing.T) {
	e := serve(t, emulator.Config{})
	for model, kind := range map[string]string{"echo": "chat-completion", "audio": "chat-completion", "embeddings": "embeddings"} {
		info := parse(t, readAll(t, e.send(t, "GET", "/models/info"+version+"&model="+model, "")))
		equal(t, model, at(t, info, "model_type"), any(kind))
	}
}
