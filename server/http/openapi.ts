/** The OpenAPI 3.1 document, made from the routes themselves, and its page (Swagger UI, served from here, no outside host). */
import { createRequire } from 'node:module';
import path from 'node:path';
import express, { type Express } from 'express';
import { z } from 'zod';
import { FAULTS } from '../../models/kernel/fault-codes.ts';
import type { Route } from './route.ts';

type Json = Readonly<Record<string, unknown>>;

export function writeOpenApi(routes: readonly Route[]): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const at = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[at] = { ...paths[at], [route.method]: describeRoute(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: '证库 Zhengku', version: '1', description: '电子证照库接口 · Electronic licence repository' },
    paths,
    components: {
      schemas: { Problem: PROBLEM_SCHEMA },
      securitySchemes: {
        system: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/oauth/token', scopes: {} } } },
        person: { type: 'apiKey', in: 'cookie', name: 'zk_session' },
      },
    },
  };
}

function describeRoute(route: Route): Json {
  const parameters = [...pathParameters(route), ...queryParameters(route), ...headerParameters(route)];
  const content = route.answerType
    ? { [route.answerType]: {} }
    : { 'application/json': { schema: route.answer ? toSchema(route.answer, 'output') : {} } };
  return {
    tags: [route.tag],
    summary: route.zh,
    description: route.en,
    security: route.access === 'public' ? [] : [{ system: [] }, { person: [] }],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...describeBody(route),
    responses: {
      [String(route.status ?? 200)]: { description: route.en, content },
      default: {
        description: 'RFC 9457',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function describeBody(route: Route): Json {
  if (route.fileBytes || route.upload) {
    const binary = { schema: { type: 'string', contentMediaType: 'application/octet-stream' } };
    return { requestBody: { required: true, content: { 'application/octet-stream': binary } } };
  }
  if (!route.body) return {};
  return {
    requestBody: { required: true, content: { 'application/json': { schema: toSchema(route.body, 'input') } } },
  };
}

function pathParameters(route: Route): Json[] {
  return [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(route: Route): Json[] {
  const schema = route.query ? toSchema(route.query, 'input') : {};
  const properties = (schema.properties ?? {}) as Readonly<Record<string, Json>>;
  return Object.entries(properties).map(([name, property]) => ({ name, in: 'query', schema: property }));
}

function headerParameters(route: Route): Json[] {
  if (!route.idempotent) return [];
  return [{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string', maxLength: 200 } }];
}

function toSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Record<string, unknown>;
  return rest;
}

const PROBLEM_SCHEMA = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'zh', 'en', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(FAULTS) },
    zh: { type: 'string' },
    en: { type: 'string' },
    detail: { type: 'string' },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'message'],
        properties: {
          pointer: { type: 'string' },
          code: { type: 'string' },
          message: { type: 'string' },
          zh: { type: 'string' },
          en: { type: 'string' },
        },
      },
    },
  },
};

const PAGE = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>证库接口 · Zhengku API</title>
<link rel="stylesheet" href="/api/docs/swagger-ui.css"><link rel="stylesheet" href="/assets/api-docs.css"></head><body><div id="docs"></div>
<script src="/api/docs/swagger-ui-bundle.js"></script><script src="/api/docs/start.js"></script></body></html>`;
const START = `SwaggerUIBundle({ url: '/api/v1/openapi.json', dom_id: '#docs', deepLinking: true });`;

export function serveOpenApi(app: Express, routes: readonly Route[]): void {
  const document = JSON.stringify(writeOpenApi(routes));
  const folder = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  app.get('/api/v1/openapi.json', (_request, response) => {
    response.type('application/json').send(document);
  });
  app.get('/api/docs', (_request, response) => {
    response.setHeader(
      'Content-Security-Policy',
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:",
    );
    response.type('text/html').send(PAGE);
  });
  app.get('/api/docs/start.js', (_request, response) => {
    response.type('text/javascript').send(START);
  });
  app.use('/api/docs', express.static(folder, { index: false, etag: true }));
}
