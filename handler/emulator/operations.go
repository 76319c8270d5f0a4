package emulator

import (
	"cmp"
	"net/http"
)

func (c Config) chat(f *family) operation {
	return func(w http.ResponseWriter, r *http.Request) error {
		var asked chat
		d, err := f.read(w, r, chats, &asked)
		if err != nil {
			return err
		}
		if asked.wantsAudio() && !d.speaks {
			return unsupportedParameter("modalities", quote(asked.Modalities))
		}
		a, err := d.reply(asked)
		if err != nil {
			return err
		}
		if !f.openAI && thinksAloud(version(r)) {
			a = a.aloud()
		}
		u := measure(asked, a)
		if asked.Stream {
			return c.stream(w, r, d, f.chunks(d, a, u, asked.StreamOptions.IncludeUsage))
		}
		return d.send(w, r, f.whole(d, a, u))
	}
}

func (c Config) complete(f *family) operation {
	return func(w http.ResponseWriter, r *http.Request) error {
		var asked prompt
		d, err := f.read(w, r, prompts, &asked)
		if err != nil {
			return err
		}
		answers, err := asked.answers(d)
		if err != nil {
			return err
		}
		u := asked.measure(answers)
		if asked.Stream {
			return c.stream(w, r, d, f.textChunks(d, answers, u, asked.StreamOptions.IncludeUsage))
		}
		return d.send(w, r, f.wholeText(d, answers, u))
	}
}

func vectors[T texts | pictures](f *family, m *modality) operation {
	return func(w http.ResponseWriter, r *http.Request) error {
		var asked embedding[T]
		d, err := f.read(w, r, m, &asked)
		if err != nil {
			return err
		}
		found, err := f.embeddings(d, texts(asked.Input), asked.Dimensions, asked.EncodingFormat)
		if err != nil {
			return err
		}
		return d.send(w, r, found)
	}
}

// info answers about the family's first model where none is named.
func (f *family) info(w http.ResponseWriter, r *http.Request) error {
	d, err := f.deployment(cmp.Or(f.model(r, r.URL.Query().Get("model")), theOnly))
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, object{
		"model_name":          "emulator/" + d.name,
		"model_type":          cmp.Or(d.kind, "chat-completion"),
		"model_provider_name": "emulator",
	})
}

func listModels(w http.ResponseWriter, _ *http.Request) error {
	models := make([]object, len(deployments))
	for i, d := range deployments {
		models[i] = object{"id": d.name, "object": "model", "created": 0, "owned_by": "emulator", "description": d.description}
	}
	return writeJSON(w, http.StatusOK, object{"object": "list", "data": models})
}

func listCatalog(w http.ResponseWriter, _ *http.Request) error {
	models := make([]object, len(deployments))
	for i, d := range deployments {
		models[i] = object{"id": "emulator/" + d.name, "name": d.name, "publisher": "emulator", "summary": d.description}
	}
	return writeJSON(w, http.StatusOK, models)
}
