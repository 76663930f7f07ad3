"""Settings: footnote.toml and FOOTNOTE_* variables, parsed once to final types.

Nothing below `pipeline` reads Settings; functions take the few values they need.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from assistant.errors import ConfigError

FILE_NAME = "footnote.toml"


def default_cache() -> Path:
    """Where models lie unless set otherwise: the user's cache folder."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "footnote"


class Settings(BaseSettings):
    """All settings; each is FOOTNOTE_<NAME> in the environment or <name> in footnote.toml."""

    model_config = SettingsConfigDict(
        env_prefix="FOOTNOTE_", extra="forbid", frozen=True, toml_file=FILE_NAME
    )

    corpus: Path = Field(Path("corpus"), description="folder with the documents")
    index: Path = Field(Path("index"), description="folder for the index generations")
    cache: Path = Field(default_factory=default_cache, description="folder for downloaded models")

    hub_url: str = Field("", description="base address of the model hub; empty: Hugging Face")

    embedder: str = Field(
        "", description="Sentence Transformers folder; empty: the default, fetched and verified"
    )
    passage_tokens: int = Field(200, ge=32, description="longest passage, in embedder tokens")

    llm: Literal["embedded", "endpoint", "none"] = Field(
        "embedded", description="language model: in-process, an OpenAI-compatible server, or none"
    )
    llm_file: Path | None = Field(
        None,
        description="GGUF file for the embedded model; empty: the default, fetched and verified",
    )
    llm_url: str = Field("", description="OpenAI-compatible base address, for llm = endpoint")
    llm_name: str = Field("", description="model name at that endpoint")
    llm_api_key: SecretStr = Field(
        SecretStr(""), description="key for that endpoint, if it needs one"
    )
    llm_context_tokens: int = Field(
        4096, ge=1024, description="context window of the language model"
    )
    llm_timeout_seconds: float = Field(
        60.0, gt=0, description="longest wait for the language model"
    )
    threads: int = Field(
        default_factory=lambda: os.cpu_count() or 2, ge=1, description="CPU threads for the models"
    )

    evidence: int = Field(10, ge=1, le=20, description="evidence sentences shown to the model")

    host: str = Field("127.0.0.1", description="address the web chat binds to")
    port: int = Field(7860, ge=0, le=65535, description="port of the web chat; 0 takes a free one")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then footnote.toml; no .env, no secrets folder."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**overrides: object) -> Settings:
    """Settings of this process; raises ConfigError with one line per wrong value.

    A misspelt FOOTNOTE_ variable is an error too: pydantic-settings would not see it.
    """
    known = {f"FOOTNOTE_{name.upper()}" for name in Settings.model_fields}
    unknown = sorted(v for v in os.environ if v.startswith("FOOTNOTE_") and v not in known)
    if unknown:
        raise ConfigError(
            f"unknown environment variable {', '.join(unknown)}",
            f"known are {', '.join(sorted(known))}",
        )
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        settings = Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['msg'].lower()}" for e in error.errors()
        )
        raise ConfigError(
            f"wrong setting: {lines}", f"correct it in {FILE_NAME} or in the FOOTNOTE_ variable"
        ) from error
    except ValueError as error:  # a footnote.toml that is not TOML
        raise ConfigError(f"{FILE_NAME} cannot be read: {error}", "correct the file") from error
    if settings.llm == "endpoint" and not settings.llm_url:
        raise ConfigError("llm = endpoint needs an address", "set FOOTNOTE_LLM_URL")
    return settings
