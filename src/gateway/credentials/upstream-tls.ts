import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { SecureContext } from 'node:tls';
import { GatewaySettings, type UpstreamTlsTexts } from '../gateway-settings.js';
import { tlsContexts, TlsUnusable, type TlsContexts } from '../upstream/tls-context.js';
import type { TlsSource } from '../upstream/tls-source.js';
import { GatewaySecrets, type GatewaySecret } from './gateway-secrets.js';

/** Milliseconds after a change: files that belong together are replaced one after the other. */
const SETTLE_MS = 1_500;

/** Which file holds what. */
const FILES = {
  ca: { file: 'caFile', secret: 'ca' },
  tokenCa: { file: 'tokenCaFile', secret: 'tokenCa' },
  cert: { file: 'certificateFile', secret: 'certificate' },
  key: { file: 'certificateKeyFile', secret: 'certificateKey' },
} as const satisfies Record<keyof UpstreamTlsTexts, { file: string; secret: GatewaySecret }>;

type Name = keyof typeof FILES;

interface Made extends TlsContexts {
  readonly texts: UpstreamTlsTexts;
}

/**
 * TLS to the upstream and to its token endpoint, as the files say. They are read again when they change;
 * where they cannot be used any more, what they said before goes on, and the log says so.
 */
@Injectable()
export class UpstreamTls implements OnModuleDestroy {
  readonly upstream: TlsSource;
  readonly tokenEndpoint: TlsSource;

  private readonly log = new Logger('UpstreamTls');
  private readonly listeners: (() => void)[] = [];
  private made: Made;
  private problem: string | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** @throws TlsUnusable where they cannot be used at start */
  constructor(
    private readonly settings: GatewaySettings,
    private readonly secrets: GatewaySecrets,
  ) {
    this.made = make(trimmed((name) => settings.tls[name]));
    this.upstream = this.source('upstream');
    this.tokenEndpoint = this.source('tokenEndpoint');
    secrets.onChange(() => {
      this.checkLater();
    });
  }

  onModuleDestroy(): void {
    clearTimeout(this.timer);
  }

  private source(of: keyof TlsContexts): TlsSource {
    const current = (): SecureContext | undefined => this.made[of];
    return {
      get context() {
        return current();
      },
      onChange: (listener) => {
        this.listeners.push(listener);
      },
    };
  }

  private checkLater(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.check();
    }, SETTLE_MS).unref();
  }

  private check(): void {
    try {
      const texts = trimmed((name) => this.read(name));
      this.problem = undefined;
      if (JSON.stringify(texts) !== JSON.stringify(this.made.texts)) this.take(make(texts));
    } catch (error) {
      if (!(error instanceof TlsUnusable)) throw error;
      if (error.message !== this.problem) {
        this.log.warn(`TLS to the upstream goes on with its former files: ${error.message}`);
      }
      this.problem = error.message;
    }
  }

  private take(made: Made): void {
    this.made = made;
    this.log.log('TLS to the upstream has new files; new connections are made with them');
    for (const listener of this.listeners) listener();
  }

  /** @throws TlsUnusable for a file that is gone: it does not mean that nothing is configured. */
  private read(name: Name): string | undefined {
    const { file, secret } = FILES[name];
    if (this.settings.access[file] === undefined) return undefined;
    const text = this.secrets.current(secret);
    if (text === undefined) throw new TlsUnusable('A file cannot be read');
    return text;
  }
}

function make(texts: UpstreamTlsTexts): Made {
  return { texts, ...tlsContexts(texts) };
}

function trimmed(textOf: (name: Name) => string | undefined): UpstreamTlsTexts {
  const [ca, tokenCa, cert, key] = (['ca', 'tokenCa', 'cert', 'key'] as const).map((name) =>
    textOf(name)?.trim(),
  );
  return { ca, tokenCa, cert, key };
}
